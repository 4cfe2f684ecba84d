import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { claimAttempt, putFailure, readCommit } from '../../src/machines/run-store.js';
import { thisMachine } from '../../src/machines/machine.js';
import { queueAddress } from '../../src/queue/connection.js';
import { enqueue } from '../../src/queue/enqueue.js';
import { openStore } from '../../src/store/open-store.js';
import { lockstep, startLockstep } from '../support/lockstep.js';
import type { Running } from '../support/lockstep.js';
import { redisForSuite, redisPassword } from '../support/redis.js';
import { filesBelow, storedRun, tinyKeys } from '../support/stored-run.js';
import { childrenOf, killWith9 } from '../support/processes.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('a queue of trials', function () {
  this.timeout(60_000);
  const redis = redisForSuite();
  let before: NodeJS.ProcessEnv;
  beforeEach(async () => {
    before = process.env;
    process.env = { ...before, LOCKSTEP_REDIS_PASSWORD: redisPassword };
    await redis().command('FLUSHALL');
  });
  afterEach(() => {
    process.env = before;
  });
  const startWorker = (cwd: string, store: string, ...args: string[]): Running =>
    startLockstep(
      cwd,
      ...['worker', '--queue', redis().url, '--store', store, '--jobs', '2'],
      ...['--scratch', join(cwd, 'scratch'), '--upload-every', '100ms', ...args],
    );
  const queued = async (store: string, trials: readonly number[]) => {
    const address = await queueAddress(redis().url, process.env);
    await enqueue(address, { store, runId: store.slice(store.lastIndexOf('/') + 1), trials });
  };
  const drain = async (worker: Running) => {
    worker.child.kill('SIGTERM');
    return worker.finished;
  };
  const opened = (store: string) => openStore(store, { cwd: '/', env: {} });

  it('is filled by a run and emptied by a worker; the password is in no output, argument, file or key', async () => {
    await withTemporaryFolder(async (cwd) => {
      const set = (await tinyKeys(cwd)).flatMap((key) => ['--set', key]);
      const made = await lockstep(
        cwd,
        ...['run', 'debug', '--engine', 'wasm', '--seeds', '1..3', ...set],
        ...['--store', 'store', '--queue', redis().url],
      );
      expect(made.code).to.equal(0);
      expect(made.stderr).to.match(/3 trials .*queued at redis:\/\/127\.0\.0\.1:\d+/);
      const store = made.stdout.trim();
      const keys = await redis().command('KEYS', '*');
      expect(keys).to.include('lockstep:trials:');

      const worker = startWorker(cwd, join(cwd, 'store'));
      const words = await readFile(`/proc/${worker.child.pid}/cmdline`, 'utf8');
      const collected = await lockstep(cwd, 'collect', store, '--follow', '--every', '200ms');
      expect(collected.code).to.equal(0);
      const drained = await drain(worker);
      expect(drained.stderr)
        .to.match(/trial 2: committed/)
        .and.match(/drained\n$/);
      expect(drained.code).to.equal(0);
      // The jobs are gone: the store has what became of them.
      expect(await redis().command('KEYS', 'lockstep:trials:*.*')).not.to.match(/debug-/);

      const files = await filesBelow(cwd);
      const texts = await Promise.all(files.map((name) => readFile(join(cwd, name), 'latin1')));
      for (const text of [words, made.stderr, drained.stderr, collected.stderr, keys, ...texts]) {
        expect(text).not.to.include(redisPassword);
      }
    });
  });

  it('loses nothing when a worker and a trial are killed and a worker is drained', async () => {
    await withTemporaryFolder(async (cwd) => {
      const set = ['training.steps=400', 'checkpoint.every=20'];
      const store = await storedRun(cwd, { set, seeds: '1..2' });
      await queued(store, [0, 1]);
      const first = startWorker(cwd, store);
      await first.saw(/trial 0: attempt 1/);
      await sleep(300);
      for (const child of childrenOf(first.child.pid!)) killWith9(child);
      await first.saw(/its process died/);
      const drained = await drain(first);
      expect(drained.code).to.equal(0);
      const second = startWorker(cwd, store);
      const collected = await lockstep(cwd, 'collect', store, '--follow', '--every', '200ms');
      expect(collected.code).to.equal(0);
      await drain(second);
      expect(await lockstep(cwd, 'verify')).to.include({ code: 0 });
    });
  });

  it('refuses runs of other stores and strange jobs, and gives up what gets no further', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, { seeds: '1..2' });
      const other = await storedRun(cwd, { base: 'elsewhere' });
      const claim = { schemaVersion: 1, machine: thisMachine('wasm'), step: 0, time: 0 } as const;
      for (const id of ['1', '2']) {
        const attempt = await claimAttempt(await opened(store), 0, { ...claim, id });
        const failure = { schemaVersion: 1, code: 'worker', message: 'gone' } as const;
        await putFailure(await opened(store), 0, attempt, failure);
      }
      await queued(other, [0]);
      await queued(store, [0, 1]);
      await queued(`${store}/../../etc`, [0]);
      const worker = startWorker(cwd, join(cwd, 'store'), '--retries', '1');
      await worker.saw(/trial 1: committed/);
      for (let tries = 0; tries < 100; tries += 1) {
        if ((await redis().command('LLEN', 'lockstep:trials:active')).includes(':0')) break;
        await sleep(50);
      }
      const { stderr } = await drain(worker);
      expect(stderr)
        .to.match(/trial 0: given up after 2 attempts from the same step/)
        .and.match(/expected a run in .*store, got another store/);
      expect(await readCommit(await opened(store), 0)).to.equal(undefined);
      expect(await readCommit(await opened(other), 0)).to.equal(undefined);
    });
  });

  it('says what is wrong with the address, the password and a server that is gone', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd);
      const resume = (queue: string) => lockstep(cwd, 'resume', store, '--queue', queue);
      const typed = await resume('redis://:secret-word@127.0.0.1');
      expect(typed.stderr).to.match(/expected an address without user and password/);
      expect(typed.stderr).not.to.include('secret-word');
      expect(typed.code).to.equal(2);
      process.env.LOCKSTEP_REDIS_PASSWORD = 'not-the-password';
      const wrong = await resume(redis().url);
      expect(wrong.stderr).to.match(/redis:\/\/127\.0\.0\.1:\d+: WRONGPASS/);
      expect(wrong.stderr).not.to.include('not-the-password');
      expect(wrong.code).to.equal(2);
      const gone = await resume('redis://127.0.0.1:9');
      expect(gone.stderr).to.match(/redis:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
      expect(gone.code).to.equal(5);
    });
  });
});
