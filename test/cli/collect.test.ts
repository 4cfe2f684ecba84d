import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { claimAttempt, putFailure } from '../../src/machines/run-store.js';
import { thisMachine } from '../../src/machines/machine.js';
import { getText } from '../../src/store/contents.js';
import { openStore } from '../../src/store/open-store.js';
import { runDifferences } from '../support/compare-runs.js';
import { lockstep, onlyRun, startLockstep } from '../support/lockstep.js';
import { killWith9 } from '../support/processes.js';
import { readAllRecords } from '../support/read-all-records.js';
import { startTrial, storedRun, tinyKeys, trainStored } from '../support/stored-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { s3ForSuite } from '../support/versitygw.js';

describe('lockstep collect', function () {
  this.timeout(60_000);

  it('mirrors what --jobs 1 leaves, to the byte, while trials run and after kill -9', async () => {
    await withTemporaryFolder(async (cwd) => {
      const set = ['training.steps=300', 'checkpoint.every=20', 'checkpoint.initial=true'];
      const store = await storedRun(cwd, { set, seeds: '1..2' });
      const collected = startLockstep(
        cwd,
        'collect',
        store,
        '--follow',
        '--every',
        '100ms',
        '--json',
      );
      const killed = startTrial(cwd, store, 0);
      await collected.saw(/seed 1 {2}start/);
      await hasCheckpoint(store);
      killWith9(killed.child.pid!);
      await killed.finished;
      expect(await trainStored(cwd, store, 0)).to.equal('committed');
      expect(await trainStored(cwd, store, 1)).to.equal('committed');
      const { code, stdout } = await collected.finished;
      expect(JSON.parse(stdout)).to.include({ outcome: 'completed' });
      expect(code).to.equal(0);

      const run = await onlyRun(cwd);
      const local = join(cwd, 'local');
      const flags = (await tinyKeys(cwd, set)).flatMap((key) => ['--set', key]);
      await lockstep(
        cwd,
        ...['run', 'debug', '--engine', 'wasm', '--trace', '--quiet', '--seeds', '1..2'],
        ...['--out', local, ...flags],
      );
      const [undisturbed] = (await readdir(local)).filter((name) => name !== 'latest');
      const differences = await runDifferences(join(local, undisturbed!), run);
      expect(differences).to.deep.equal(['machines.json is left over']);
      const records = await readAllRecords(join(run, 'trials/0000/log.ndjson'));
      const steps = records.flatMap((record) => (record.event === 'step' ? [record.step] : []));
      expect(steps).to.deep.equal(Array.from({ length: 300 }, (_, at) => at + 1));
      expect(records.filter(({ event }) => event === 'trial.resume')).to.have.length(1);
      expect(await lockstep(cwd, 'verify', run)).to.include({ code: 0 });
      const machines = JSON.parse(await readFile(join(run, 'machines.json'), 'utf8')) as object;
      expect(machines).to.deep.equal({
        schemaVersion: 1,
        trials: [
          { trial: 0, attempt: 2, attempts: 2, machine: thisMachine('wasm') },
          { trial: 1, attempt: 1, attempts: 1, machine: thisMachine('wasm') },
        ],
      });

      // What was changed after it was committed is not taken for the trial's.
      await writeFile(join(store, 'trials/0001/a1/result.json'), '{}');
      const changed = await lockstep(cwd, 'collect', store, '--quiet', '--out', 'again');
      expect(changed.stderr).to.match(
        /a1\/result\.json: expected SHA-256 [0-9a-f]{64}, as it was committed, got [0-9a-f]{64}/,
      );
      expect(changed.code).to.equal(3);
    });
  });

  it('says which trials failed for good; resume lists them only where that is asked for', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, { seeds: '1..3' });
      const opened = await openStore(store, { cwd, env: {} });
      const claim = { schemaVersion: 1, machine: thisMachine('wasm'), step: 0, time: 0 } as const;
      for (const [index, code] of [
        [0, 'verification'],
        [1, 'worker'],
      ] as const) {
        const attempt = await claimAttempt(opened, index, { ...claim, id: code });
        await putFailure(opened, index, attempt, { schemaVersion: 1, code, message: `a ${code}` });
      }
      const collected = await lockstep(cwd, 'collect', store);
      expect(collected.stderr)
        .to.match(/trial 0: a verification/)
        .and.match(/3 trials of 3 without a result yet: lockstep list/);
      expect(collected.code).to.equal(6);

      const listed = await lockstep(cwd, 'list', store, '--json');
      const { trials } = JSON.parse(listed.stdout) as { readonly trials: readonly object[] };
      const host = thisMachine('wasm').host;
      expect(trials).to.deep.equal([
        { trial: 0, state: 'failed', attempt: 1, host, checkpoint: 0, reason: 'a verification' },
        { trial: 1, state: 'lost', attempt: 1, host, checkpoint: 0, reason: 'a worker' },
        { trial: 2, state: 'waiting', attempt: 0, host: null, checkpoint: 0, reason: null },
      ]);

      expect((await lockstep(cwd, 'cancel', store)).code).to.equal(0);
      expect((await lockstep(cwd, 'list', store)).stdout).to.match(/0\/3 committed, cancelled\n$/);
      const resume = async (...args: string[]) => {
        const { stdout } = await lockstep(cwd, 'resume', store, '--json', ...args);
        return JSON.parse(stdout) as object;
      };
      expect(await resume()).to.deep.include({ store, trials: [1, 2], batches: [2] });
      expect(await resume('--failed')).to.deep.include({ trials: [0, 1, 2], batches: [3] });
      expect((await lockstep(cwd, 'list', store)).stdout).not.to.match(/cancelled/);
      const refused = await lockstep(cwd, 'resume', store, '--seeds', '1..5');
      expect(refused).to.include({ code: 2 });
    });
  });
});

describe('a run in S3', function () {
  this.timeout(60_000);
  const service = s3ForSuite();
  let before: NodeJS.ProcessEnv;
  beforeEach(() => {
    before = process.env;
    process.env = { ...before, ...service().variables };
  });
  afterEach(() => {
    process.env = before;
  });

  it('is trained and collected, and its keys are in no file, argument or output', async () => {
    await withTemporaryFolder(async (cwd) => {
      const set = ['training.steps=200', 'checkpoint.every=20'];
      const store = await storedRun(cwd, { set, base: 's3://runs/lab', withData: true });
      expect(store).to.match(/^s3:\/\/runs\/lab\/debug-/);
      const jobs = await lockstep(cwd, 'k8s', store, '--image', 'lockstep:1', '--secret', 'keys');
      expect(jobs.stdout).to.include(`- ${store}\n`);
      const arrays = await lockstep(cwd, 'slurm', store, '--logs', 'jobs');
      const script = await readFile(join(cwd, 'jobs/trials.sh'), 'utf8');
      expect(script).to.include(` trial ${store} `);
      const killed = startTrial(cwd, store, 0);
      await killed.saw(/attempt 1/);
      const arguments_ = await readFile(`/proc/${killed.child.pid}/cmdline`, 'utf8');
      killWith9(killed.child.pid!);
      const trained = await startTrial(cwd, store, 0).finished;
      expect(trained.stderr).to.match(/trial 0: committed/);
      const collected = await lockstep(cwd, 'collect', store);
      expect(collected.code).to.equal(0);
      expect(await lockstep(cwd, 'verify')).to.include({ code: 0 });

      const opened = await openStore(store, { cwd, env: process.env });
      const names = [
        ...['manifest.json', ...(await opened.list('batches')), ...(await opened.list('trials'))],
        ...(await opened.list('data')),
      ];
      const contents = await Promise.all(names.map((name) => getText(opened, name)));
      const { AWS_SECRET_ACCESS_KEY: secret, AWS_ACCESS_KEY_ID: id } = service().variables;
      const outputs = [jobs, arrays, trained, collected].flatMap(({ stdout, stderr }) => [
        stdout,
        stderr,
      ]);
      for (const text of [...contents, ...outputs, arguments_, script]) {
        expect(text).to.be.a('string').and.not.include(secret!).and.not.include(id!);
      }
      expect(names.length).to.be.above(10);
    });
  });
});

async function hasCheckpoint(store: string): Promise<void> {
  const opened = await openStore(store, { cwd: '/', env: {} });
  for (;;) {
    const names = await opened.list('trials/0000/a1/checkpoints');
    if (names.some((name) => /step-0*[1-9]\d*\/state\.json$/.test(name))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
