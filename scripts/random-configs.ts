/**
 * Trains random configurations for a few steps, to be replayed elsewhere:
 * `npm run build && node dist/scripts/random-configs.js FOLDER`, then
 * `python scripts/parity/replay_random.py FOLDER`. Layers, activations, initializers, input scalings,
 * optimizers, schedules, objectives and augmentations are drawn from the whole space; configurations that
 * validation or shapes refuse are drawn again. FOLDER gets the data, and of each configuration what was
 * resolved, the positions and losses of every step, the weights before and after, and the outputs for the
 * whole test split with all scores that are made of them.
 *
 *     --count N     configurations, of two variants each (default 200)
 *     --seed N      of all draws (default 1)
 *     --engine E    (default wasm)
 *     --steps N     (default 6)
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lastValueFrom, of } from 'rxjs';
import { isNetwork } from '../src/model/variant.js';
import { encodeSafetensors } from '../src/checkpoint/safetensors.js';
import { validateConfig } from '../src/config/validate.js';
import { withClassWeights } from '../src/model/class-weights.js';
import { planNetwork } from '../src/model/network.js';
import { engineNames, LockstepError } from '../src/protocol/index.js';
import type { Examples } from '../src/protocol/index.js';
import { evaluateSplit } from '../src/trial/evaluate.js';
import { planTrial, scheduledRate, seedsOf } from '../src/trial/plan.js';
import type { TrialPlan } from '../src/trial/plan.js';
import { prepareBatches } from '../src/trial/prepare-batches.js';
import type { PreparedEvaluation } from '../src/trial/prepare-batches.js';
import { datasetOf, examplesOf, shared } from '../test/support/examples.js';
import { randomNumbers } from '../test/support/random-numbers.js';
import { loadEngine } from '../workers/engines/load.js';
import { Session } from '../workers/sessions/session.js';
import { wholeFlag } from './flags.js';
import { randomConfig } from './random-config.js';
import type { Draw } from './random-config.js';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'wasm' },
    steps: { type: 'string', default: '6' },
  },
});
const [folder] = positionals;
const engineName = engineNames.find((name) => name === flags.engine);
if (folder === undefined) throw new Error('expected the folder to write to, got none');
if (engineName === undefined) {
  throw new Error(`--engine: expected ${engineNames.join(' or ')}, got ${flags.engine}`);
}
const steps = wholeFlag('--steps', flags.steps);
const [count, seed] = [wholeFlag('--count', flags.count), wholeFlag('--seed', flags.seed)];

const imageShape = [10, 10, 3];
const examples = 200;
/** Two classes have a curve of their own, and the best five of more than five are counted. */
const widths = [2, 5, 8];
const widest = Math.max(...widths);
const data = drawData(randomNumbers(seed));
await mkdir(folder, { recursive: true });
await writeFile(
  join(folder, 'data.json'),
  JSON.stringify({
    shape: imageShape,
    images: [...data.images],
    classes: [...data.classes],
    labels: [...data.labels],
    numbers: [...data.numbers],
  }),
);
const engine = await loadEngine(engineName);
const random = randomNumbers(seed + 1);
for (let index = 0; index < count; index += 1) {
  await train(index, drawPlan(index));
  process.stderr.write(`\r${index + 1}/${count}`);
}
process.stderr.write('\n');

function drawData(uniform: () => number) {
  const many = <Value>(size: number, value: () => Value) => Array.from({ length: size }, value);
  return {
    images: many(examples * 300, () => Math.floor(256 * uniform())),
    classes: many(examples, () => Math.floor(widest * uniform())),
    labels: many(examples * widest, () => Math.round(uniform())),
    numbers: many(examples * widest, () => Math.fround(2 * uniform() - 1)),
  };
}

/** A plan that fits: refusals are what most draws come to. */
function drawPlan(index: number): TrialPlan {
  const draw: Draw = {
    below: (bound) => Math.floor(bound * random()),
    between: (low, high) => low + (high - low) * random(),
    oneOf: (values) => values[Math.floor(values.length * random())]!,
    chance: (probability) => random() < probability,
  };
  for (;;) {
    try {
      const wanted = { index, steps, outputs: draw.oneOf(widths) };
      const config = validateConfig(randomConfig(draw, wanted), 'random');
      const plan = planTrial({ config }, { index: 0, point: {}, seed: index });
      for (const variant of plan.variants.filter(isNetwork)) planNetwork(variant, imageShape);
      return plan;
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'usage') throw error;
    }
  }
}

/** The examples as the objective of a plan takes them: classes modulo its outputs, or that many columns. */
function examplesFor({ variants }: TrialPlan, outputs: number): Examples {
  const { kind } = variants[0]!.objective;
  const classes = data.classes.map((label) => label % outputs);
  const all = examplesOf(imageShape, data.images, classes);
  if (kind === 'softmaxCrossEntropy') return all;
  const values = kind === 'sigmoidCrossEntropy' ? data.labels : data.numbers;
  const own = values.filter((_, index) => index % widest < outputs);
  return { ...all, targets: { shape: [outputs], values: shared(Float32Array, own) } };
}

/** Scores of a whole split as a trial makes them, and the outputs `[examples, outputs]` they are made of. */
async function evaluate(
  plan: TrialPlan,
  session: Session,
  { split, chunks, targets }: PreparedEvaluation,
) {
  const collected: number[] = [];
  const variant = 'evaluated';
  const scored = await lastValueFrom(
    evaluateSplit({
      sessions: [
        {
          variant,
          evaluate(task) {
            const reply = session.evaluate({ ...task, sessionId: 'random', outputs: true });
            collected.push(...reply.outputs!);
            return of(reply);
          },
        },
      ],
      ...{ metrics: plan.metrics, lookAhead: 0, split, chunks, targets },
    }),
  );
  const { scores, perClass } = scored[variant]!;
  return { outputs: collected, scores, perClass };
}

async function train(index: number, plan: TrialPlan): Promise<void> {
  const own = join(folder!, String(index).padStart(3, '0'));
  await mkdir(own, { recursive: true });
  const outputs = planNetwork(plan.variants.find(isNetwork)!, imageShape).outputs;
  const all = examplesFor(plan, outputs);
  const batches = prepareBatches(plan, datasetOf(all, all));
  const { splits, scalings, minibatch } = batches;
  const evaluations: Record<string, unknown> = {};
  const losses: Record<string, number[]> = {};
  for (const variant of plan.variants.filter(isNetwork)) {
    const { name, input } = variant;
    const session = await Session.open(engine, {
      sessionId: 'random',
      engine: engineName!,
      variant,
      network: withClassWeights(planNetwork(variant, imageShape), splits.train).network,
      splits,
      scaling: scalings.get(input),
      augmentation: plan.config.training.augmentation,
      seeds: seedsOf(plan, name),
      metrics: plan.metrics,
      minibatchMetrics: plan.minibatchMetrics,
    });
    const save = async (when: string) =>
      writeFile(
        join(own, `${name}.${when}.safetensors`),
        encodeSafetensors((await session.save()).tensors),
      );
    await save('initial');
    losses[name] = Array.from({ length: steps }, (_, done) => {
      const step = done + 1;
      const { indices } = minibatch(step);
      const learningRate = scheduledRate(plan, name, step);
      const reply = session.step({
        ...{ sessionId: 'random', step, indices },
        evaluate: true,
        learningRate,
      });
      return Number(reply.sums.loss) / reply.examples;
    });
    await save('final');
    evaluations[name] = await evaluate(plan, session, batches.evaluations[0]!);
    session.close();
  }
  const { config, variants, streams } = plan;
  const indices = Array.from({ length: steps }, (_, done) => [...minibatch(done + 1).indices]);
  const written = { config, variants, streams, indices, losses, evaluations };
  await writeFile(join(own, 'case.json'), JSON.stringify(written));
}
