/**
 * Whether training holds on to memory: `npm run bench:memory`. Trains a configuration's variants in worker
 * threads of this process, as a trial does, and prints live tensors and resident memory on the way.
 *
 *     --engine NAME   engine (default wasm)
 *     --config NAME   configuration (default tutorial)
 *     --steps N       steps of each variant (default 500)
 *     --json          one JSON document
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { isNetwork } from '../src/model/variant.js';
import { loadConfig } from '../src/config/load.js';
import { loadDataset } from '../src/data/load.js';
import { engineEnvironment } from '../src/engines/environment.js';
import { threadBackend } from '../src/variants/thread-backend.js';
import type { EngineName } from '../src/protocol/index.js';
import { planTrial, seedsOf } from '../src/trial/plan.js';
import { prepareBatches } from '../src/trial/prepare-batches.js';
import { wholeFlag } from './flags.js';

interface Sample {
  readonly step: number;
  /** Alive, in the order of the variants. */
  readonly tensors: readonly number[];
  readonly residentMiB: number;
}

const { values: flags } = parseArgs({
  options: {
    engine: { type: 'string', default: 'wasm' },
    config: { type: 'string', default: 'tutorial' },
    steps: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
});
const engine = flags.engine as EngineName;
const config = await loadConfig({ file: flags.config, cwd: process.cwd() });
const plan = planTrial({ config }, { index: 0, point: {}, seed: 1 });
const { variants, metrics, minibatchMetrics } = plan;

if (process.send === undefined) {
  // Native code reads its variables when its process starts.
  const environment = engineEnvironment(engine, {
    sessions: variants.length,
    cores: availableParallelism(),
    inherited: process.env,
  });
  const self = fileURLToPath(import.meta.url);
  const child = fork(self, process.argv.slice(2), { env: { ...process.env, ...environment } });
  [process.exitCode] = (await once(child, 'exit')) as [number];
} else {
  const samples = await watch(wholeFlag('--steps', flags.steps));
  process.stdout.write(flags.json ? `${JSON.stringify({ samples }, null, 2)}\n` : text(samples));
  process.disconnect();
}

async function watch(steps: number): Promise<Sample[]> {
  const batches = prepareBatches(plan, await loadDataset(config.data));
  const backend = threadBackend();
  const sessions = await Promise.all(
    variants
      .filter(isNetwork)
      .map((variant) =>
        backend.open(
          { engine, variant, metrics, minibatchMetrics, seeds: seedsOf(plan, variant.name) },
          Promise.resolve(batches),
        ),
      ),
  );
  const samples: Sample[] = [];
  for (let step = 1; step <= steps; step += 1) {
    const { indices } = batches.minibatch(step);
    await Promise.all(
      sessions.map((session) => lastValueFrom(session.step({ step, indices, evaluate: true }))),
    );
    if (step !== 3 && step !== Math.floor(steps / 2) && step !== steps) continue;
    const memories = await Promise.all(sessions.map((session) => lastValueFrom(session.memory())));
    const residentMiB = process.memoryUsage.rss() / 2 ** 20;
    samples.push({ step, tensors: memories.map(({ tensors }) => tensors), residentMiB });
  }
  await Promise.all(sessions.map((session) => session.destroy()));
  return samples;
}

function text(samples: readonly Sample[]): string {
  return samples
    .map(
      ({ step, tensors, residentMiB }) =>
        `step ${step}: ${tensors.join(' and ')} tensors, ${residentMiB.toFixed(0)} MiB resident\n`,
    )
    .join('');
}
