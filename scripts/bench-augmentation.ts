/**
 * What augmentation costs: `npm run bench:augmentation`. Takes minibatches of 32 colour images of 32 x 32
 * pixels with each kind, and with flips and crops as the CIFAR literature has them, and sets that against a
 * training step of Keras's CIFAR-10 example network.
 *
 *     --json        one JSON document
 *     --rounds N    rounds to take the medians of (default 30)
 *     --engine E    of the training step (default wasm)
 */
import { parseArgs } from 'node:util';
import { isNetwork } from '../src/model/variant.js';
import { validateConfig } from '../src/config/validate.js';
import type { AugmentationSpec } from '../src/data/augmentations.js';
import { planNetwork } from '../src/model/network.js';
import { median } from '../src/statistics/moments.js';
import { engineNames } from '../src/protocol/index.js';
import { planTrial, seedsOf } from '../src/trial/plan.js';
import { prepareBatches } from '../src/trial/prepare-batches.js';
import { datasetOf, examplesOf } from '../test/support/examples.js';
import { randomNumbers } from '../test/support/random-numbers.js';
import { loadEngine } from '../workers/engines/load.js';
import { createExamples } from '../workers/examples.js';
import { Session } from '../workers/sessions/session.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '30' },
    engine: { type: 'string', default: 'wasm' },
  },
});
const engine = engineNames.find((name) => name === flags.engine);
if (engine === undefined) {
  throw new Error(`--engine: expected ${engineNames.join(' or ')}, got ${flags.engine}`);
}
const rounds = wholeFlag('--rounds', flags.rounds);

const crop: AugmentationSpec = { kind: 'randomCrop', padding: 4, fill: 0 };
const flip: AugmentationSpec = { kind: 'horizontalFlip', probability: 0.5 };
const lists: Readonly<Record<string, readonly AugmentationSpec[]>> = {
  none: [],
  'horizontalFlip and randomCrop': [flip, crop],
  horizontalFlip: [flip],
  randomCrop: [crop],
  shift: [{ kind: 'shift', pixels: 3, fill: 'edge' }],
  rotation: [{ kind: 'rotation', degrees: 15, fill: 0 }],
  cutout: [{ kind: 'cutout', size: 16, fill: 0 }],
  noise: [{ kind: 'noise', std: 0.1 }],
};

const convolutions = (filters: number) => [
  { kind: 'conv2d', filters, kernelSize: 3 },
  { kind: 'conv2d', filters, kernelSize: 3 },
  { kind: 'maxPool' },
  { kind: 'dropout', rate: 0.25 },
];
const variant = { activation: 'relu', init: 'glorotUniform' };
const config = validateConfig(
  {
    name: 'bench',
    data: { validationSize: 0, batchSize: 32 },
    training: { steps: 1, optimizer: { learningRate: 0.01 } },
    network: {
      layers: [
        ...convolutions(32),
        ...convolutions(64),
        { kind: 'flatten' },
        { kind: 'dense', units: 512 },
        { kind: 'dropout', rate: 0.5 },
        { kind: 'dense', units: 10 },
      ],
    },
    variants: { a: { ...variant, input: 'standardized' }, b: variant },
  },
  'bench',
);
const random = randomNumbers(1);
const images = examplesOf(
  [32, 32, 3],
  Uint8Array.from({ length: 1000 * 32 * 32 * 3 }, () => 256 * random()),
  Uint8Array.from({ length: 1000 }, () => 10 * random()),
);
const plan = planTrial({ config }, { index: 0, point: {}, seed: 1 });
const { splits, scalings, minibatch } = prepareBatches(plan, datasetOf(images, images));
const [first] = plan.variants.filter(isNetwork);
const task = {
  sessionId: 'bench',
  engine,
  variant: first!,
  splits,
  network: planNetwork(first!, [32, 32, 3]),
  scaling: scalings.get(first!.input),
  ...{ metrics: plan.metrics, minibatchMetrics: plan.minibatchMetrics },
  seeds: { ...seedsOf(plan, first!.name), augmentation: 1 },
} as const;

const session = await Session.open(await loadEngine(engine), task);
const stepMs = medianMs(
  (step) => {
    session.step({ sessionId: 'bench', step, indices: minibatch(step).indices, evaluate: false });
  },
  Math.ceil(rounds / 3),
);
const takeMs = Object.entries(lists).map(([name, augmentation]) => {
  const examples = createExamples({ ...task, augmentation });
  return { name, ms: medianMs((step) => examples('train', minibatch(step).indices, step), rounds) };
});
const plain = takeMs[0]!.ms;
const kinds = takeMs.slice(1).map(({ name, ms }) => {
  return { name, addedMs: ms - plain, ofStep: (ms - plain) / stepMs };
});

if (flags.json) {
  process.stdout.write(`${JSON.stringify({ stepMs, plainMs: plain, kinds }, undefined, 2)}\n`);
} else {
  console.log(`step ${stepMs.toFixed(1)} ms; taking its inputs unaugmented ${plain.toFixed(2)} ms`);
  for (const { name, addedMs, ofStep } of kinds) {
    console.log(`${name}: ${addedMs.toFixed(2)} ms more, ${(100 * ofStep).toFixed(1)}% of a step`);
  }
}

/** The first calls warm up. */
function medianMs(call: (step: number) => unknown, times: number): number {
  const warmUp = 3;
  const taken: number[] = [];
  for (let step = 1; step <= times + warmUp; step += 1) {
    const startedAt = performance.now();
    call(step);
    if (step > warmUp) taken.push(performance.now() - startedAt);
  }
  return median(taken);
}
