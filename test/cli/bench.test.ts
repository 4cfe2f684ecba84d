import { expect } from 'chai';
import type { BenchResult } from '../../src/bench/bench.js';
import { lockstep } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('lockstep bench', () => {
  it('tells what a paired step takes, of which parts, how fast and in how much memory', async () => {
    await withTemporaryFolder(async (cwd) => {
      const args = [
        'bench',
        'debug',
        '--engine',
        'wasm',
        '--rounds',
        '1',
        '--steps',
        '3',
        '--json',
      ];
      const { code, stdout, stderr } = await lockstep(cwd, ...args);
      expect(code, stderr).to.equal(0);
      const result = JSON.parse(stdout) as BenchResult;
      expect(result).to.include({ engine: 'wasm', rounds: 1, steps: 3 });
      expect(Object.keys(result.variants)).to.deep.equal(['relu', 'snn']);
      expect(result.pairedStep).to.be.greaterThan(0);
      expect(result.fractionOfSgemm).to.be.within(0, 1);
      // A process with the dataset in memory, which is 55 MB, and not all of the machine's.
      expect(result.peakMemory / 1e6).to.be.within(100, 4000);
    });
  });

  it('ends with 2 for numbers that are none', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stderr } = await lockstep(cwd, 'bench', '--rounds', '0');
      expect(code).to.equal(2);
      expect(stderr).to.include('--rounds: expected a whole number from 1 to 9999, got 0');
    });
  });
});
