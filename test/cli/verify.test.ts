import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Verification } from '../../src/audit/verify-run.js';
import type { TrialResult } from '../../src/run/result.js';
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

  it('verifies a sweep in epochs over data sets of several sizes, where they are and elsewhere', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeTable(join(cwd, 'small'), 24);
      await writeTable(join(cwd, 'large'), 48);
      const settings = [
        'data={path: small, csv: {target: y}, batchSize: 4, validation: {fraction: 0.25}}',
        'training={epochs: 2, optimizer: {learningRate: 0.1}}',
        'evaluation={every: epoch, splits: [{split: validation}]}',
        'decision.metric=validation.accuracy',
        'checkpoint.every=epoch',
        'network.layers=[{kind: dense, units: 3}]',
        'sweep={method: grid, parameters: {data.path: {values: [small, large]}}}',
      ].flatMap((setting) => ['--set', setting]);
      const sweep = ['sweep', 'debug', '--engine', 'wasm', ...settings];
      const planned = await lockstep(cwd, ...sweep, '--dry-run');
      expect(planned.stdout).to.match(/small" {2}8 steps\n.*large" {2}18 steps\n$/);
      const swept = await lockstep(cwd, ...sweep, '--quiet');
      expect(swept).to.include({ code: 0, stderr: '' });
      const run = await onlyRun(cwd);
      const good = await lockstep(cwd, 'verify', '--json');
      expect(good.code, good.stderr).to.equal(0);
      const { trials, checked } = JSON.parse(good.stdout) as Verification;
      expect(trials.map(({ step, steps }) => [step, steps])).to.deep.equal([
        [8, 8],
        [18, 18],
      ]);
      expect(checked['minibatches recomputed']).to.equal(26);

      // As a plain run on the second data set.
      const plain = await lockstep(cwd, 'run', ...sweep.slice(1), '--set', 'data.path=large');
      expect(plain.stderr).to.include('Ignoring the sweep');
      const variantsOf = async (folder: string, trial: string) => {
        const text = await readFile(join(folder, 'trials', trial, 'result.json'), 'utf8');
        return (JSON.parse(text) as TrialResult).variants;
      };
      expect(await variantsOf(join(cwd, 'runs/latest'), '0000')).to.deep.equal(
        await variantsOf(run, '0001'),
      );

      const manifest = join(run, 'manifest.json');
      const text = await readFile(manifest, 'utf8');
      await writeFile(manifest, text.replace('"trainingExamples": 48', '"trainingExamples": 49'));
      const forged = await lockstep(cwd, 'verify', run);
      expect(forged.stdout).to.match(
        /manifest\.json: datasets\.1\.trainingExamples: expected 48, got 49/,
      );
      await writeFile(manifest, text);

      for (const name of ['small', 'large']) await rename(join(cwd, name), join(cwd, `${name}2`));
      const moved = await lockstep(
        cwd,
        ...['verify', run, '--data', 'small=small2', '--data', 'large=large2'],
      );
      expect(moved.stdout).to.match(/26 minibatches recomputed/);
      expect(moved.code).to.equal(0);
      const one = await lockstep(cwd, 'verify', run, '--data', 'small2');
      expect(one.stderr).to.match(/^lockstep: --data: expected RECORDED=FOLDER/);
      expect(one.code).to.equal(2);
      const partly = await lockstep(cwd, 'verify', run, '--data', 'small=small2');
      expect(partly.stdout).to.match(/8 minibatches recomputed/);
      expect(partly.stdout).to.match(/no minibatch of .*large\/ was recomputed/);
      expect(partly.code).to.equal(0);
      const nowhere = await lockstep(cwd, 'verify', run, '--data', 'small=nowhere');
      expect(nowhere.code).to.equal(3);
      const swapped = ['--data', 'small=large2', '--data', 'large=small2'];
      expect((await lockstep(cwd, 'verify', run, ...swapped)).code).to.equal(6);
      const other = await lockstep(cwd, 'verify', run, '--data', 'small=large2');
      expect(other.stdout).to.match(/manifest\.json: provenance\.data/);
      expect(other.code).to.equal(6);
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

/** Examples of two numbers and three classes, all for training. */
async function writeTable(folder: string, examples: number): Promise<void> {
  await mkdir(folder);
  const rows = Array.from({ length: examples }, (_, i) => `${i % 3}.${i % 7},${i % 5},c${i % 3}`);
  await writeFile(join(folder, 'all.csv'), `a,b,y\n${rows.join('\n')}\n`);
}
