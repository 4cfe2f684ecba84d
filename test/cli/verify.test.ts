import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
      const steps = ['training.steps=400', 'checkpoint.every=50'];
      const overrides = steps.flatMap((override) => ['--set', override]);
      const running = startLockstep(cwd, 'run', 'debug', '--engine', 'wasm', ...overrides);
      await running.saw(/step +\d\d\/400/);
      running.child.kill('SIGINT');
      await running.finished;
      const interrupted = await lockstep(cwd, 'verify', '--json');
      const [trial] = (JSON.parse(interrupted.stdout) as Verification).trials;
      expect(trial).to.include({ state: 'interrupted', steps: 400 });
      expect(trial?.step).to.be.greaterThan(0).and.lessThan(400);
      expect(interrupted.code).to.equal(0);

      await lockstep(cwd, 'resume', await onlyRun(cwd), '--quiet');
      const resumed = await lockstep(cwd, 'verify');
      expect(resumed.stdout).to.match(/completed, step 400\/400/);
      expect(resumed.code).to.equal(0);
    });
  });

  it('verifies a trial that died after its last checkpoint and was resumed, predictions and all', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = await tinyRun(cwd, '--set', 'evaluation.predictions=true');
      const trial = join(run, 'trials/0000');
      const kept = ['result.json', 'predictions.safetensors'].map((name) => join(trial, name));
      const before = await Promise.all(kept.map((path) => readFile(path, 'hex')));
      const log = await readFile(join(trial, 'log.ndjson'), 'utf8');
      await writeFile(join(trial, 'log.ndjson'), log.replace(/.*"trial\.end".*\n$/, ''));
      for (const name of ['result.json', 'SHA256SUMS']) await rm(join(trial, name));

      const resumed = await lockstep(cwd, 'resume', run, '--quiet');
      expect(resumed).to.include({ code: 0, stderr: '' });
      expect(await Promise.all(kept.map((path) => readFile(path, 'hex')))).to.deep.equal(before);
      const verified = await lockstep(cwd, 'verify');
      expect(verified.stdout).to.match(/1 predictions files?/);
      expect(verified.code).to.equal(0);
    });
  });

  it('finds the data elsewhere with --data, and says so where it is not there', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = await tinyRun(cwd);
      await rename(join(cwd, 'digits'), join(cwd, 'moved'));
      const without = await lockstep(cwd, 'verify', run);
      expect(without.stdout).to.match(/note: no minibatch was recomputed, .*digits/);
      expect(without.code).to.equal(0);
      const moved = await lockstep(cwd, 'verify', run, '--data', 'moved');
      expect(moved.stdout).to.match(/10 minibatches recomputed/);
      await writeFile(join(cwd, 'moved/t10k-labels-idx1-ubyte'), 'x');
      const broken = await lockstep(cwd, 'verify', run, '--data', 'moved');
      expect(broken.stderr).to.match(/manifest\.json: provenance\.data: .*t10k-labels/);
      expect(broken.code).to.equal(6);
      const nowhere = await lockstep(cwd, 'verify', run, '--data', 'nowhere');
      expect(nowhere.code).to.equal(3);
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
