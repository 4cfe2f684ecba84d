import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Verification } from '../../src/audit/verify-run.js';
import { lockstep, onlyRun, startLockstep } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { tinyRun } from '../support/tiny-run.js';

describe('lockstep verify', function () {
  this.timeout(120_000);

  it('verifies the newest run, and ends with 6 and the file when one has changed', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = await tinyRun(cwd);
      const good = await lockstep(cwd, 'verify');
      expect(good.stdout).to.match(/10 minibatches recomputed/);
      expect(good.stdout).to.match(/verified: nothing differs\n$/);
      expect([good.code, good.stderr]).to.deep.equal([0, '']);

      await appendFile(join(run, 'trials/0000/result.json'), ' ');
      const bad = await lockstep(cwd, 'verify', 'runs/latest', '--json');
      const document = JSON.parse(bad.stdout) as Verification;
      expect(document).to.include({ verified: false });
      expect(document.differences[0]).to.include({ file: 'trials/0000/result.json' });
      expect(bad.stderr).to.match(/^lockstep: trials\/0000\/result\.json: .*expected/);
      expect(bad.code).to.equal(6);
    });
  });

  it('verifies an interrupted run as far as it came, and again when it was resumed', async () => {
    await withTemporaryFolder(async (cwd) => {
      const steps = ['training.steps=1000', 'checkpoint.every=50'];
      const overrides = steps.flatMap((override) => ['--set', override]);
      const running = startLockstep(cwd, 'run', 'debug', '--engine', 'wasm', ...overrides);
      await running.saw(/step +\d\d\/1000/);
      running.child.kill('SIGINT');
      await running.finished;
      const interrupted = await lockstep(cwd, 'verify', '--json');
      const [trial] = (JSON.parse(interrupted.stdout) as Verification).trials;
      expect(trial).to.include({ state: 'interrupted', steps: 1000 });
      expect(trial?.step).to.be.greaterThan(0).and.lessThan(1000);
      expect(interrupted.code).to.equal(0);

      await lockstep(cwd, 'resume', await onlyRun(cwd), '--quiet');
      const resumed = await lockstep(cwd, 'verify');
      expect(resumed.stdout).to.match(/completed, step 1000\/1000/);
      expect(resumed.code).to.equal(0);
    });
  });

  it('ends with 2 where there is no run', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stderr } = await lockstep(cwd, 'verify', 'nowhere');
      expect(stderr).to.match(/nowhere.manifest\.json: expected the manifest of a run/);
      expect(code).to.equal(2);
    });
  });
});
