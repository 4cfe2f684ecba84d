import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Outcome } from '../../src/app/outcome.js';
import { checkpointPath, checkpointSteps } from '../../src/checkpoint/checkpoints.js';
import { jsonText } from '../../src/files/write-atomic.js';
import { readAllRecords } from '../support/read-all-records.js';
import { readForcedResumes } from '../../src/run/resumes.js';
import { readManifest, trialFiles } from '../../src/run/run-directory.js';
import { runDifferences } from '../support/compare-runs.js';
import { lockstep, onlyRun, startLockstep } from '../support/lockstep.js';
import { tinyRun } from '../support/tiny-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('lockstep resume', function () {
  this.timeout(120_000);

  it('leaves a failed trial alone, says why it failed, and runs it again with --failed', async () => {
    await withTemporaryFolder(async (cwd) => {
      await lockstep(cwd, 'run', 'debug', '--engine', 'wasm', '--seeds', '1..2', '--quiet');
      const trial = join(await onlyRun(cwd), 'trials/0001');
      await rm(trial, { recursive: true });
      await mkdir(trial);
      // No checkpoint can be written where a file is in the way.
      await writeFile(join(trial, 'checkpoints'), '');
      const resume = (...args: string[]) =>
        lockstep(cwd, 'resume', 'runs/latest', '--quiet', '--retries', '0', ...args);
      const lastRecord = async () => (await readAllRecords(join(trial, 'log.ndjson'))).at(-1);

      expect((await resume()).code).to.equal(5);
      const failure = await lastRecord();
      expect(failure).to.include({ event: 'trial.end', outcome: 'failed' });

      await rm(join(trial, 'checkpoints'));
      const left = await resume();
      expect(left.stderr).to.match(
        /--failed runs them again:\n {2}trial 1: cannot write checkpoint/,
      );
      expect(left.code).to.equal(5);
      expect(await lastRecord()).to.deep.equal(failure);

      expect(await resume('--failed')).to.include({ code: 0, stderr: '' });
      expect(await lastRecord()).to.include({ event: 'trial.end', outcome: 'completed' });
      expect((await lockstep(cwd, 'verify')).code).to.equal(0);
    });
  });

  it('adds seeds to a run on record, at every point, and leaves the others as they were', async () => {
    await withTemporaryFolder(async (cwd) => {
      const sweep =
        'sweep={method: grid, parameters: {variants.snn.dropout.rate: {values: [0.1, 0.2]}}}';
      const base = ['debug', '--engine', 'wasm', '--quiet', '--set', sweep];
      await lockstep(cwd, 'sweep', ...base, '--seeds', '2');
      const run = await onlyRun(cwd);
      const frozen = await readFile(join(run, 'manifest.json'), 'utf8');
      const extend = (seeds: string) => lockstep(cwd, 'resume', run, '--json', '--seeds', seeds);

      const without = await extend('1');
      expect(without.stderr).to.match(/--seeds: expected the seeds of the run .* without 2/);
      expect(without.code).to.equal(2);

      expect((await lockstep(cwd, 'report')).code).to.equal(0);
      const { code, stdout } = await extend('1..3');
      expect(code).to.equal(0);
      const { points, trials } = JSON.parse(stdout) as Outcome;
      expect(trials.map(({ point, seed }) => [point, seed])).to.deep.equal([
        ...[
          [0, 2],
          [1, 2],
        ],
        ...[
          [0, 1],
          [0, 3],
          [1, 1],
          [1, 3],
        ],
      ]);
      expect(points.map(({ metrics }) => metrics['test.accuracy']!.delta.snn!.n)).to.deep.equal([
        3, 3,
      ]);
      expect(await readFile(join(run, 'manifest.json'), 'utf8')).to.equal(frozen);
      const { extensions } = await readManifest(run);
      expect(extensions).to.have.length(1);
      expect(extensions![0]).to.deep.include({ seeds: [1, 3], hadResults: true });
      // A report of what there was before is still on record.
      const verified = await lockstep(cwd, 'verify');
      expect(verified.stdout).to.include('report.json was made before seeds were added to the run');
      expect(verified.code).to.equal(0);
      expect((await lockstep(cwd, 'report')).code).to.equal(0);
    });
  });

  const damages = {
    corrupt: {
      reason: 'relu.safetensors: expected SHA-256',
      damage: async (weights: string) => {
        const bytes = await readFile(weights);
        bytes[bytes.length - 1]! ^= 1;
        await writeFile(weights, bytes);
      },
    },
    // As root even a file without permissions can be read.
    unreadable: {
      reason: 'expected a file',
      damage: async (weights: string) => {
        await rm(weights);
        await mkdir(weights);
      },
    },
  };
  for (const [kind, { reason, damage }] of Object.entries(damages)) {
    it(`falls back to the checkpoint before one that is ${kind}, says so, and ends like an undisturbed run`, async () => {
      await withTemporaryFolder(async (cwd) => {
        const [one, other] = [join(cwd, 'one'), join(cwd, 'other')];
        await Promise.all([mkdir(one), mkdir(other)]);
        const steps = ['--set', 'training.steps=300', '--set', 'checkpoint.every=20'];
        const run = ['run', 'debug', '--engine', 'wasm', ...steps];
        expect((await lockstep(one, ...run, '--quiet')).code).to.equal(0);

        const begun = startLockstep(other, ...run);
        await begun.saw(/step +\d\d\/300/);
        begun.child.kill('SIGINT');
        expect((await begun.finished).code).to.equal(130);
        const { folder, log } = trialFiles(await onlyRun(other), 0);
        const [newest = 0, before = 0] = await checkpointSteps(folder);
        await damage(join(folder, checkpointPath(newest), 'relu.safetensors'));

        const { code, stderr } = await lockstep(other, 'resume', 'runs/latest');
        expect(stderr).to.include(
          `checkpoint of step ${newest} passed over, going on from ` +
            (before > 0 ? `step ${before}: ` : 'the beginning: '),
        );
        expect(stderr).to.include(reason);
        expect(code).to.equal(0);
        const resumed = (await readAllRecords(log)).find(({ event }) => event === 'trial.resume');
        if (before > 0) {
          expect(resumed).to.have.nested.property('passedOver[0].step', newest);
        }
        expect(await runDifferences(await onlyRun(one), await onlyRun(other))).to.deep.equal([]);
        expect((await lockstep(other, 'verify')).code).to.equal(0);
      });
    });
  }

  it('refuses a run whose data or code changed and says what changed, and goes on with --force, on record', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = await tinyRun(cwd);
      const frozen = await readManifest(run);
      await rm(trialFiles(run, 0).result);
      const labels = join(cwd, 'digits/train-labels-idx1-ubyte');
      const bytes = await readFile(labels);
      bytes[bytes.length - 1] = (bytes.at(-1)! + 1) % 10;
      await writeFile(labels, bytes);
      const { lockstep: versions } = frozen.provenance;
      const provenance = { ...frozen.provenance, lockstep: { ...versions, code: 'older' } };
      await writeFile(join(run, 'manifest.json'), jsonText({ ...frozen, provenance }));

      const refused = await lockstep(cwd, 'resume', run);
      expect(refused.stderr).to.match(
        /data train-labels-idx1-ubyte: was [0-9a-f]{32}, is [0-9a-f]{32}\n {2}code that trains: was older \(Lockstep .*\), is [0-9a-f]{64} \(Lockstep .*\)\n/,
      );
      expect(refused.code).to.equal(2);
      expect(await readdir(run)).not.to.include('resumes.ndjson');
      // Nothing is recorded of a command line that cannot be understood.
      expect((await lockstep(cwd, 'resume', run, '--force', '--jobs', 'x')).code).to.equal(2);
      expect(await readdir(run)).not.to.include('resumes.ndjson');

      expect((await lockstep(cwd, 'resume', run, '--force', '--quiet')).code).to.equal(0);
      const [record, ...others] = await readForcedResumes(run);
      expect(others).to.deep.equal([]);
      expect(record?.trials).to.deep.equal([0]);
      expect(record?.changes.map(({ what }) => what)).to.deep.equal([
        'data train-labels-idx1-ubyte',
        'code that trains',
      ]);
    });
  });

  it('works for exactly one of two at once, and tells the other who has the run', async () => {
    await withTemporaryFolder(async (cwd) => {
      const steps = ['--set', 'training.steps=300', '--set', 'checkpoint.every=20'];
      const begun = startLockstep(cwd, 'run', 'debug', '--engine', 'wasm', ...steps);
      await begun.saw(/step +\d\d\/300/);
      begun.child.kill('SIGINT');
      await begun.finished;

      const both = [1, 2].map(() => startLockstep(cwd, 'resume', 'runs/latest', '--quiet'));
      const ended = await Promise.all(both.map(({ finished }) => finished));
      const winner = ended.findIndex(({ code }) => code === 0);
      const loser = ended[1 - winner]!;
      expect(ended[winner]).to.include({ code: 0, stderr: '' });
      expect(loser.stderr).to.include(`the run is locked: process ${both[winner]!.child.pid} on `);
      expect(loser.code).to.equal(2);
      expect((await lockstep(cwd, 'verify')).code).to.equal(0);
      expect(await readdir(await onlyRun(cwd))).not.to.include('lock');
    });
  });
});
