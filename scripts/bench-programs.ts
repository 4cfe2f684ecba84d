/**
 * What it costs to train a variant over a pipe: `npm run bench:programs`. Feeds minibatches to programs that do
 * nothing but answer, as a trial does, and prints milliseconds a step and resident memory on the way.
 *
 *     --steps N        steps of each program (default 10000)
 *     --batch-size N   examples of a minibatch (default 128)
 *     --python PROGRAM the Python of the Python client (default python3)
 *     --json           one JSON document
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lastValueFrom, mergeMap, range } from 'rxjs';
import type { Feed, ProgramVariant } from '../src/model/variant.js';
import { loadConfig } from '../src/config/load.js';
import { loadDataset } from '../src/data/load.js';
import { defaultObjective } from '../src/model/objectives.js';
import { planTrial } from '../src/trial/plan.js';
import { prepareBatches } from '../src/trial/prepare-batches.js';
import { programBackend } from '../src/variants/program-backend.js';
import { wholeFlag } from './flags.js';

interface Sample {
  readonly step: number;
  /** Since the sample before. */
  readonly msPerStep: number;
  /** Of this process, and of the program. */
  readonly residentMiB: readonly [own: number, program: number];
}

const { values: flags } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    'batch-size': { type: 'string', default: '128' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'boolean', default: false },
  },
});
const steps = wholeFlag('--steps', flags.steps, 10);
const batchSize = wholeFlag('--batch-size', flags['batch-size']);
/** How many steps may wait in the pipe, as in a trial. */
const underWay = 3;

const clients = fileURLToPath(new URL('../../clients/', import.meta.url));
const node = [
  process.execPath,
  '--input-type=module',
  '-e',
  `import { train } from '${join(clients, 'node/lockstep.mjs')}'; await train({ step: () => ({ loss: 1, accuracy: 0 }) });`,
];
const python = [
  flags.python,
  '-c',
  `import sys; sys.path.insert(0, '${join(clients, 'python')}'); import lockstep; lockstep.start()
for _ in lockstep.minibatches(): lockstep.log(loss=1, accuracy=0)`,
];
const programs: readonly (readonly [name: string, command: readonly string[], feed: Feed])[] = [
  ['Node client, positions', node, 'positions'],
  ['Python client, positions', python, 'positions'],
  ['Node client, no minibatches', node, 'none'],
  ['Python client, no minibatches', python, 'none'],
];

const overrides = [`data.batchSize=${batchSize}`];
const config = await loadConfig({ file: 'tutorial', cwd: process.cwd(), overrides });
const plan = planTrial({ config }, { index: 0, point: {}, seed: 1 });
const batches = prepareBatches(plan, await loadDataset(config.data));
const results: { readonly name: string; readonly samples: readonly Sample[] }[] = [];
for (const [name, command, feed] of programs) {
  results.push({ name, samples: await measure(command, feed) });
}
process.stdout.write(
  flags.json ? `${JSON.stringify({ steps, batchSize, results }, null, 2)}\n` : text(),
);

async function measure(command: readonly string[], feed: Feed): Promise<Sample[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-programs-'));
  const variant: ProgramVariant = {
    ...{ name: 'idle', label: 'Idle', input: 'raw', updatesPerStep: 1 },
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0 },
    objective: defaultObjective,
    program: { command, options: {}, feed, timeout: 60 },
  };
  const metrics = ['loss', 'accuracy'];
  const backend = programBackend({
    ...{ trialFolder: folder, trial: 0, seed: 1, dataSeed: 1, steps, batchSize },
    means: { loss: { sum: 'loss', counts: false }, accuracy: { sum: 'correct', counts: true } },
    ...{ evaluateMinibatch: true, mustSave: false, initialCheckpoint: undefined },
  });
  const before = await childrenOf(process.pid);
  const session = await backend.open(
    {
      ...{ variant, engine: 'wasm', seeds: { init: 1, dropout: 2 } },
      ...{ metrics, minibatchMetrics: metrics },
    },
    Promise.resolve(batches),
  );
  const started = (await childrenOf(process.pid)).filter((pid) => !before.includes(pid));
  // The guard starts after the program.
  const pid = Math.min(...started);
  const samples: Sample[] = [];
  const part = Math.floor(steps / 10);
  let since = performance.now();
  for (let from = 1; from + part - 1 <= steps; from += part) {
    const answers = range(from, part).pipe(
      mergeMap((step) => {
        const { indices } = batches.minibatch(step);
        return session.step({ step, indices, evaluate: true });
      }, underWay),
    );
    await lastValueFrom(answers);
    const now = performance.now();
    const residentMiB = [process.memoryUsage.rss() / 2 ** 20, residentOf(pid)] as const;
    samples.push({ step: from + part - 1, msPerStep: (now - since) / part, residentMiB });
    since = performance.now();
  }
  await session.destroy();
  await rm(folder, { recursive: true, force: true });
  return samples;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== '')
      .map(Number),
  );
}

function residentOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) / 1024;
}

function text(): string {
  return results
    .flatMap(({ name, samples }) => [
      `${name}, minibatches of ${batchSize}\n`,
      ...samples.map(({ step, msPerStep, residentMiB: [own, program] }) => {
        const memory = `${own.toFixed(0)} MiB here, ${program.toFixed(0)} MiB in the program`;
        return `  step ${step}: ${msPerStep.toFixed(3)} ms a step, ${memory}\n`;
      }),
    ])
    .join('');
}
