/**
 * The slow cases of `lockstep slurm`, on a Slurm of its own (root, slurm-wlm and munge): `npm run chaos:slurm`. Ends
 * with 1 where a trial has not exactly one commit with the results of a run here.
 *
 *     --trials N   trials of the large array (default 1001, more than Slurm's default takes in one)
 *     --only A,B   of `large`, `node`, `limit` (default all)
 *
 * - `large`: all trials of an array of one step each.
 * - `node`: slurmd is killed with signal 9 and gone until the node counts as down: the tasks are requeued while their
 *   processes still run.
 * - `limit`: a time limit of one minute, requeue after requeue, until the trial is done.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { readCommit, readStoredManifest } from '../src/machines/run-store.js';
import { openStore } from '../src/store/open-store.js';
import { lockstep, onlyRun } from '../test/support/lockstep.js';
import { startSlurm } from '../test/support/slurm.js';
import type { SlurmCluster } from '../test/support/slurm.js';
import { filesBelow, storedRun, tinyKeys } from '../test/support/stored-run.js';
import { withTemporaryFolder } from '../test/support/temporary-folder.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    trials: { type: 'string', default: '1001' },
    only: { type: 'string', default: 'large,node,limit' },
  },
});
const trials = wholeFlag('--trials', flags.trials);

/** Seconds of silence after which a node counts as down, and its tasks are requeued. */
const nodeTimeout = 15;

interface Case {
  readonly seeds: string;
  /** Keys of the run. */
  readonly set: readonly string[];
  /** Of sbatch. */
  readonly sbatch: readonly string[];
  /** Seconds that the jobs may take. */
  readonly patience: number;
  /** What happens once a trial has a checkpoint. */
  readonly disturb?: (slurm: SlurmCluster) => Promise<void>;
}

const cases: Readonly<Record<string, Case>> = {
  large: {
    seeds: `1..${trials}`,
    set: ['training.steps=1', 'checkpoint.every=1'],
    sbatch: [],
    patience: 4 * trials + 300,
  },
  node: {
    seeds: '1..2',
    set: ['training.steps=20000', 'checkpoint.every=100'],
    sbatch: [],
    patience: 900,
    disturb: (slurm) => slurm.restartNode(3 * nodeTimeout),
  },
  limit: {
    seeds: '1',
    set: ['training.steps=30000', 'checkpoint.every=100'],
    sbatch: ['--time=1'],
    patience: 2400,
  },
};

const wanted = flags.only.split(',');
let faults = 0;
const slurm = await startSlurm([`SlurmdTimeout=${nodeTimeout}`]);
try {
  process.env.SLURM_CONF = slurm.env.SLURM_CONF;
  for (const [name, one] of Object.entries(cases)) {
    if (wanted.includes(name))
      faults += await withTemporaryFolder((cwd) => runCase(name, one, cwd));
  }
} finally {
  await slurm.stop();
}
process.exitCode = faults === 0 ? 0 : 1;

/** @returns how many trials were not as expected */
async function runCase(name: string, { seeds, set, sbatch, patience, disturb }: Case, cwd: string) {
  const begun = performance.now();
  const address = await storedRun(cwd, { seeds, set });
  const submitted = await lockstep(
    ...[cwd, 'slurm', address, '--submit', '--', '--cpus-per-task=1', ...sbatch],
  );
  if (submitted.code !== 0) throw new Error(submitted.stderr);
  const jobs = submitted.stdout.trim().split('\n');
  if (disturb !== undefined) {
    while (!(await filesBelow(address)).some((file) => /checkpoints\/.*state\.json$/.test(file))) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await disturb(slurm);
  }
  const store = await openStore(address, { cwd, env: {} });
  const { manifest } = await readStoredManifest(store);
  const tasks = await slurm.until(
    'all trials to be committed',
    (all) => {
      const own = [...all].filter(([id]) => jobs.some((job) => id.startsWith(`${job}_`)));
      return (
        own.length >= manifest.trials.length && own.every(([, { state }]) => state === 'COMPLETED')
      );
    },
    patience,
  );
  const own = [...tasks].filter(([id]) => jobs.some((job) => id.startsWith(`${job}_`)));
  const restarts = own.reduce((sum, [, task]) => sum + task.restarts, 0);
  // Some of many: a run here of all would take as long again.
  const compared = manifest.trials.filter(
    (_, index) => index < 2 || index === manifest.trials.length - 1,
  );
  const same = compared.map(({ seed }) => seed).join(',');
  const keys = (await tinyKeys(cwd, set)).flatMap((key) => ['--set', key]);
  const run = ['run', 'debug', '--engine', 'wasm', '--trace', '--quiet', '--seeds', same];
  const here = await lockstep(cwd, ...run, ...keys);
  if (here.code !== 0) throw new Error(here.stderr);
  const expected = await onlyRun(cwd);
  let wrong = 0;
  let attempts = 0;
  for (const { index } of manifest.trials) {
    const commit = await readCommit(store, index);
    const claims = (await store.list(`trials/${String(index).padStart(4, '0')}/claims`)).length;
    attempts += claims;
    if (commit?.outcome !== 'completed') {
      console.log(`${name}: trial ${index} has no commit`);
      wrong += 1;
    }
  }
  for (const [position, { index }] of compared.entries()) {
    const commit = await readCommit(store, index);
    const folder = join(address, 'trials', String(index).padStart(4, '0'), `a${commit!.attempt}`);
    const [theirs, ours] = await Promise.all([
      result(join(folder, 'result.json')),
      result(join(expected, 'trials', String(position).padStart(4, '0'), 'result.json')),
    ]);
    if (!isDeepStrictEqual(theirs, ours)) {
      console.log(`${name}: trial ${index} has other results than a run here`);
      wrong += 1;
    }
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(
    `${name}: ${manifest.trials.length} trials in ${jobs.length} array jobs, ${restarts} restarts, ${attempts} attempts, ${wrong} wrong, ${seconds} s`,
  );
  return wrong;
}

/** What a trial measured; its number differs between the runs. */
async function result(path: string): Promise<unknown> {
  const { trial: _, ...rest } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  return rest;
}
