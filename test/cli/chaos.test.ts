import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { disturb, startSweep, writeChaosConfig } from '../support/chaos.js';
import { runDifferences } from '../support/compare-runs.js';
import { lockstep, onlyRun } from '../support/lockstep.js';
import { processesNaming } from '../support/processes.js';
import { randomNumbers } from '../support/random-numbers.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('a sweep whose processes are killed with signal 9', function () {
  this.timeout(240_000);

  it('ends, resumed, like an undisturbed one, and leaves nothing behind', async function () {
    // Where there is no /proc there is no telling what to kill.
    if (process.platform !== 'linux') this.skip();
    await withTemporaryFolder(async (folder) => {
      const config = await writeChaosConfig(folder, { steps: 40, seeds: 1 });
      const engine = 'wasm';
      const begun = performance.now();
      expect((await startSweep(folder, config, engine).finished).code).to.equal(0);
      const withinMs = performance.now() - begun;
      const cwd = join(folder, 'disturbed');
      await mkdir(cwd);
      const random = randomNumbers(4);
      const onKill = () => undefined;
      const disturbed = await disturb({ cwd, config, engine, kills: 3, withinMs, random, onKill });
      expect(disturbed.wrong).to.deep.equal([]);
      expect(disturbed.kills).not.to.deep.equal([]);
      expect(await runDifferences(await onlyRun(folder), disturbed.run)).to.deep.equal([]);
      expect(processesNaming(cwd)).to.deep.equal([]);
      expect((await lockstep(cwd, 'verify', disturbed.run)).code).to.equal(0);
    });
  });
});
