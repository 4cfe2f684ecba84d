import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Outcome } from '../../src/app/outcome.js';
import type { DryRun } from '../../src/app/dry-run.js';
import { testedEngine } from '../support/engine.js';
import { lockstep, onlyRun, startLockstepGroup } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

/** The last point diverges at its first seed. */
const race =
  'sweep={method: race, of: {variant: snn}, parameters: {variants.snn.optimizer.learningRate: {values: [0.01, 0.05, 1.0e9]}}}';
const sweep = ['sweep', 'debug', '--engine', testedEngine, '--seeds', '1..3', '--set', race];

describe('a race', function () {
  this.timeout(120_000);

  it('says before it starts what races, and what it costs', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { stdout } = await lockstep(cwd, ...sweep, '--dry-run');
      expect(stdout).to.match(
        /^race by test accuracy of snn: 3 points over 3 seeds, 9 trials at most, typically about \d \(\d+%\) if few points are good$/m,
      );
      const planned = await lockstep(cwd, ...sweep, '--dry-run', '--json');
      const { race: document, trials } = JSON.parse(planned.stdout) as DryRun;
      expect(document).to.deep.include({ points: 3, seeds: 3, of: { variant: 'snn' }, most: 9 });
      expect(trials.map(({ seed }) => seed)).to.deep.equal([1, 1, 1, 2, 2, 2, 3, 3, 3]);
    });
  });

  it('killed and resumed, with two trials at once, drops what it drops undisturbed', async () => {
    await withTemporaryFolder(async (cwd) => {
      const killed = startLockstepGroup(cwd, ...sweep, '--jobs', '2');
      await killed.saw(/dropped after 1 of 3 seeds: learningRate 1000000000 \(diverged\)/);
      process.kill(-killed.child.pid!, 'SIGKILL');
      await killed.finished;
      const resumed = await lockstep(cwd, 'resume', 'runs/latest', '--jobs', '2', '--json');
      expect(resumed.code).to.equal(4);
      const { race: document, run, outcome, trials } = JSON.parse(resumed.stdout) as Outcome;
      expect(outcome).to.equal('diverged');
      expect(document!.drops).to.deep.equal([
        { point: 2, seeds: 1, reason: 'diverged', because: 'diverged' },
      ]);
      expect(run.trials).to.deep.include({ planned: 7, completed: 6, left: 0, dropped: 2 });
      expect(trials.filter(({ outcome: how }) => how === 'dropped')).to.have.length(2);
      const folder = await onlyRun(cwd);
      expect(await readdir(join(folder, 'trials'))).to.have.length(7);

      const verified = await lockstep(cwd, 'verify');
      expect(verified.stdout).to.match(/trial 8 {2}seed 3 {2}dropped, step 0\/10/);
      expect(verified.code).to.equal(0);
      expect((await lockstep(cwd, 'list')).stdout).to.match(/done +6\/7 /);
      const tail = await lockstep(cwd, 'tail');
      expect(tail.stdout).to.match(/\ndropped after 1 of 3 seeds: learningRate 1000000000/);
      expect(tail.code).to.equal(4);

      await withTemporaryFolder(async (other) => {
        const { stdout } = await lockstep(other, ...sweep, '--json');
        expect((JSON.parse(stdout) as Outcome).race).to.deep.equal(document);
      });
    });
  });
});
