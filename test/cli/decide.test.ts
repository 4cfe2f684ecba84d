import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Outcome } from '../../src/app/outcome.js';
import { readManifest } from '../../src/run/run-directory.js';
import { disturb, startDecide, writeDecideConfig } from '../support/chaos.js';
import { lockstep, onlyRun } from '../support/lockstep.js';
import { randomNumbers } from '../support/random-numbers.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

/** Six pairs are the fewest that can decide. */
const decide = ['decide', 'debug', '--engine', 'wasm', '--cap', '6'];
const sequenceOf = (stdout: string) => (JSON.parse(stdout) as Outcome).sequence!;

describe('lockstep decide', function () {
  this.timeout(240_000);

  it('trains until the verdict is clear, freezes its plan, and is like any run to other commands', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stdout, stderr } = await lockstep(cwd, ...decide, '--jobs', '2', '--json');
      expect(code).to.equal(0);
      const [verdict] = sequenceOf(stdout);
      expect(verdict!.decision).to.equal('better');
      expect(verdict!.sequential.looks.map(({ n }) => n)).to.deep.equal([6]);
      expect(stderr).to.match(/look at 6 of at most 6 pairs: .*: better/);
      const run = await onlyRun(cwd);
      const { config, trials } = await readManifest(run);
      expect(config.decision.sequential).to.deep.equal({ cap: 6, every: 1, openEnded: false });
      expect(trials.map(({ seed }) => seed)).to.deep.equal([1, 2, 3, 4, 5, 6]);
      const gate = await lockstep(cwd, 'report', run, '--gate', 'better');
      expect(gate.code).to.equal(0);
      expect(gate.stdout).to.include('stopped at 6 of at most 6 pairs');
      expect((await lockstep(cwd, 'verify', run)).code).to.equal(0);
      expect((await lockstep(cwd, 'list')).stdout).to.match(/done\s+6\/6/);
      expect((await lockstep(cwd, 'tail', run)).stdout).to.include('look at 6 of at most 6 pairs');
    });
  });

  it('killed and resumed takes the same looks to the same verdict', async function () {
    // Where there is no /proc there is no telling what to kill.
    if (process.platform !== 'linux') this.skip();
    await withTemporaryFolder(async (folder) => {
      const config = await writeDecideConfig(folder, { steps: 20, cap: 6 });
      const cwd = join(folder, 'disturbed');
      await mkdir(cwd);
      const options = { cwd, config, engine: 'wasm', kills: 2, withinMs: 4000 } as const;
      const random = randomNumbers(2);
      const onKill = () => undefined;
      const disturbed = await disturb({ ...options, random, onKill, start: startDecide });
      expect(disturbed.wrong).to.deep.equal([]);
      expect(disturbed.kills).not.to.deep.equal([]);
      const again = await lockstep(cwd, 'resume', disturbed.run, '--json');
      const [verdict] = sequenceOf(again.stdout);
      expect(verdict!.decision).to.equal('better');
      expect(verdict!.sequential.looks.map(({ n }) => n)).to.deep.equal([6]);
    });
  });

  it('refuses a cap that cannot decide, a sweep, and more seeds than the cap', async () => {
    await withTemporaryFolder(async (cwd) => {
      const few = await lockstep(cwd, 'decide', 'debug', '--cap', '5');
      expect(few.code).to.equal(2);
      expect(few.stderr).to.include('expected at least 6, the fewest pairs that can decide');
      const sweep = 'sweep={method: grid, parameters: {training.steps: {values: [1, 2]}}}';
      const swept = await lockstep(cwd, 'decide', 'debug', '--set', sweep);
      expect(swept.code).to.equal(2);
      expect(swept.stderr).to.include('`decide` is about one point');
      const many = await lockstep(cwd, ...decide, '--seeds', '1..7');
      expect(many.code).to.equal(2);
      expect(many.stderr).to.include('--seeds: expected at most 6 seeds, which is the cap, got 7');
    });
  });

  it('plans as many seeds as the cap, those of the configuration first', async () => {
    await withTemporaryFolder(async (cwd) => {
      const plan = await lockstep(cwd, ...decide, '--seeds', '4,9', '--dry-run', '--json');
      const { trials } = JSON.parse(plan.stdout) as { trials: { seed: number }[] };
      expect(trials.map(({ seed }) => seed)).to.deep.equal([4, 9, 10, 11, 12, 13]);
    });
  });
});
