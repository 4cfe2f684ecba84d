/**
 * Trains runs of a store by two workers of a queue and disturbs them at random moments: signal 9 to a worker or a trial, either
 * frozen for longer than the lock of a job, Redis down for less and for more than that, all of Redis lost and the run resumed, a
 * worker drained. Holds what `collect` makes of each run against the same run by `--jobs 1`: `npm run chaos:machines`. Needs
 * redis-server. Ends with 1 on a difference.
 *
 *     --rounds N   runs (default 20)
 *     --seed N     of the moments and of what happens (default 1)
 *     --steps N    of each of the four trials (default 400)
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { resumeStoredRun, stateOfStoredRun } from '../src/app/stored-run.js';
import { work } from '../src/app/work.js';
import { queueAddress } from '../src/queue/connection.js';
import { enqueue } from '../src/queue/enqueue.js';
import { runDifferences } from '../test/support/compare-runs.js';
import { lockstep, onlyRun } from '../test/support/lockstep.js';
import { childrenOf, killWith9, processesNaming } from '../test/support/processes.js';
import { randomNumbers } from '../test/support/random-numbers.js';
import { readAllRecords } from '../test/support/read-all-records.js';
import { redisPassword, startRedis } from '../test/support/redis.js';
import type { RedisServer } from '../test/support/redis.js';
import { storedRun, surroundingsOf, tinyKeys } from '../test/support/stored-run.js';
import { withTemporaryFolder } from '../test/support/temporary-folder.js';

/** Milliseconds; a lock's length decides how long a round takes. */
const times = { lockDuration: 3000, stalledInterval: 1000 };
/** How long a round may take, disturbances and all. */
const patience = 180_000;
const seeds = 4;

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '400' },
    /** In the processes that the script starts itself: what to serve. */
    queue: { type: 'string' },
    store: { type: 'string' },
    scratch: { type: 'string' },
  },
});

/** A worker with short locks. */
async function serve(queue: string, store: string, scratch: string): Promise<void> {
  const stop = new AbortController();
  process.once('SIGTERM', () => {
    stop.abort();
  });
  const request = {
    ...{ queue, store, scratch, jobs: 2, retries: 1000, times },
    ...{ data: [], uploadEvery: 100, stallTimeout: 0 },
  };
  const note = (text: string) => {
    process.stderr.write(`${text}\n`);
  };
  await work(request, note, { ...surroundingsOf('/'), stop: stop.signal });
}

/** @returns how many things were wrong */
async function chaos(folder: string): Promise<number> {
  const random = randomNumbers(Number(flags.seed));
  const set = [`training.steps=${flags.steps}`, 'checkpoint.every=20', 'checkpoint.initial=true'];
  const undisturbed = await trainUndisturbed(join(folder, 'undisturbed'), set);
  // The folder of the data is part of the configuration, whose hash is in logs.
  set.push(`data.path=${join(folder, 'undisturbed', 'digits')}`);
  const redis = await startRedis();
  const counts = new Map<string, number>();
  let wrong = 0;
  try {
    for (let round = 1; round <= Number(flags.rounds); round += 1) {
      const cwd = join(folder, `round-${round}`);
      await mkdir(cwd);
      await redis.command('FLUSHALL');
      const found = await disturb(cwd, set, undisturbed, { redis, random, counts, round });
      wrong += found.length;
      console.log(`round ${round}: ${found.length === 0 ? 'as undisturbed' : found.join('\n  ')}`);
    }
  } finally {
    await redis.remove();
  }
  const each = [...counts].map(([what, number]) => `${what} ${number}`).join(', ');
  console.log(`${flags.rounds} rounds (${each}): ${wrong} things wrong`);
  return wrong;
}

async function trainUndisturbed(cwd: string, set: readonly string[]): Promise<string> {
  await mkdir(cwd);
  const keys = (await tinyKeys(cwd, set)).flatMap((key) => ['--set', key]);
  const run = ['run', 'debug', '--engine', 'wasm', '--trace', '--seeds', `1..${seeds}`];
  const { code, stderr } = await lockstep(cwd, ...run, '--quiet', ...keys);
  if (code !== 0) throw new Error(`expected the undisturbed run to end with 0: ${stderr}`);
  return onlyRun(cwd);
}

interface Round {
  readonly redis: RedisServer;
  readonly random: () => number;
  readonly counts: Map<string, number>;
  readonly round: number;
}

interface Situation extends Round {
  readonly store: string;
  readonly workers: ChildProcess[];
  readonly startWorker: () => void;
}

/** What can happen, by its name. It ends when all is as before, but for what was lost. */
const disturbances: Readonly<Record<string, (situation: Situation) => Promise<void>>> = {
  async 'worker killed'({ workers, startWorker, random }) {
    const [worker] = workers.splice(pick(workers.length, random), 1);
    killWith9(worker!.pid!);
    await sleep(200);
    startWorker();
  },
  async 'trial killed'({ workers, random }) {
    const trials = workers.flatMap(({ pid }) => childrenOf(pid!));
    if (trials.length > 0) killWith9(trials[pick(trials.length, random)]!);
    return Promise.resolve();
  },
  async 'worker frozen'({ workers, random }) {
    await freeze(workers[pick(workers.length, random)]!.pid!);
  },
  async 'trial frozen'({ workers, random }) {
    const trials = workers.flatMap(({ pid }) => childrenOf(pid!));
    if (trials.length > 0) await freeze(trials[pick(trials.length, random)]!);
  },
  'Redis down for less than the lock': ({ redis }) => withoutRedis(redis, 1000),
  'Redis down for twice the lock': ({ redis }) => withoutRedis(redis, 2 * times.lockDuration),
  async 'Redis lost'({ redis, store }) {
    await redis.command('FLUSHALL');
    const request = { address: store, failed: false, queue: redis.url };
    await resumeStoredRun(request, surroundingsOf('/'));
  },
  async 'worker drained'({ workers, startWorker, random }) {
    const [worker] = workers.splice(pick(workers.length, random), 1);
    startWorker();
    await end(worker!);
  },
};

function pick(length: number, random: () => number): number {
  return Math.floor(random() * length);
}

async function freeze(pid: number): Promise<void> {
  signal(pid, 'SIGSTOP');
  await sleep(times.lockDuration + 2 * times.stalledInterval);
  signal(pid, 'SIGCONT');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

async function withoutRedis(redis: RedisServer, milliseconds: number): Promise<void> {
  await redis.stop();
  await sleep(milliseconds);
  await redis.start();
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
}

/** @returns what was wrong */
async function disturb(
  cwd: string,
  set: readonly string[],
  undisturbed: string,
  round: Round,
): Promise<string[]> {
  const { redis, random, counts } = round;
  const store = await storedRun(cwd, { set, seeds: `1..${seeds}` });
  const runId = store.slice(store.lastIndexOf('/') + 1);
  const trials = Array.from({ length: seeds }, (_, index) => index);
  // Whoever queued them has nothing to do with them any more.
  await enqueue(await queueAddress(redis.url, process.env), { store, runId, trials });
  const workers: ChildProcess[] = [];
  let said = '';
  const startWorker = () => {
    const words = ['--queue', redis.url, '--store', store, '--scratch', join(cwd, 'scratch')];
    const worker = spawn(process.execPath, [fileURLToPath(import.meta.url), ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    worker.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    workers.push(worker);
  };
  startWorker();
  startWorker();
  const isDone = async () => {
    const state = await stateOfStoredRun(store, surroundingsOf('/'));
    return state.trials.every((trial) => trial.state === 'committed');
  };
  try {
    const names = Object.keys(disturbances);
    await sleep(1500);
    for (let event = 0; event < 4 && !(await isDone()); event += 1) {
      const name = names[pick(names.length, random)]!;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      console.log(`  round ${round.round}: ${name}`);
      await disturbances[name]!({ ...round, store, workers, startWorker });
      await sleep(random() * 1500);
    }
    const begun = performance.now();
    while (!(await isDone())) {
      if (performance.now() - begun > patience) {
        const left = await stateOfStoredRun(store, surroundingsOf('/'));
        return [`not done: ${JSON.stringify(left.trials)}; workers said ${said}`];
      }
      await sleep(200);
    }
  } finally {
    await Promise.all(workers.map(end));
  }
  return differences(cwd, store, undisturbed);
}

async function differences(cwd: string, store: string, undisturbed: string): Promise<string[]> {
  const { code, stderr } = await lockstep(cwd, 'collect', store, '--quiet');
  if (code !== 0) return [`collect ended with ${code}: ${stderr}`];
  const run = await onlyRun(cwd);
  const found = await runDifferences(undisturbed, run);
  const wrong = found.filter((difference) => difference !== 'machines.json is left over');
  for (let index = 0; index < seeds; index += 1) {
    const path = join(run, 'trials', String(index).padStart(4, '0'), 'log.ndjson');
    const records = await readAllRecords(path);
    const steps = records.flatMap((record) => (record.event === 'step' ? [record.step] : []));
    if (new Set(steps).size !== steps.length) wrong.push(`trial ${index}: a step is there twice`);
  }
  const verified = await lockstep(cwd, 'verify', run);
  if (verified.code !== 0) wrong.push(`verify ended with ${verified.code}: ${verified.stderr}`);
  const processes = processesNaming(cwd);
  if (processes.length > 0) wrong.push(`processes left: ${processes.join(', ')}`);
  return wrong;
}

if (flags.queue !== undefined) await serve(flags.queue, flags.store!, flags.scratch!);
else {
  process.env.LOCKSTEP_REDIS_PASSWORD = redisPassword;
  const wrong = await withTemporaryFolder(chaos);
  process.exitCode = wrong === 0 ? 0 : 1;
}
