import { resolveLayers } from '../../src/model/layers.js';
import type { LayerConfig } from '../../src/model/layers.js';
import type { LayerDefaults } from '../../src/model/layers/kind.js';
import { planNetwork } from '../../src/model/network.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { NetworkVariant } from '../../src/model/variant.js';
import type { Examples, OpenTask, StepTask } from '../../src/protocol/index.js';
import { statelessUniform } from '../../src/random/uniform.js';
import type { VariantData } from '../../src/variants/backend.js';
import { testedEngine } from './engine.js';
import { examplesOf } from './examples.js';

/** A small convolutional network for images of 8 x 8 x 1 and three classes. */
export const smallLayers: readonly LayerConfig[] = [
  { kind: 'conv2d', filters: 4, kernelSize: 3, strides: 1, padding: 'same' },
  { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' },
  { kind: 'flatten' },
  { kind: 'dense', units: 6 },
  { kind: 'dropout' },
  { kind: 'dense', units: 3 },
];

/** A network for the same, with everything that keeps moving means or normalizes. */
export const normalizedLayers: readonly LayerConfig[] = [
  { kind: 'conv2d', filters: 4, kernelSize: 3, strides: 1, padding: 'same', bias: false },
  { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 },
  { kind: 'activation' },
  { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' },
  { kind: 'layerNorm', epsilon: 1e-3 },
  {
    kind: 'residual',
    layers: [
      { kind: 'conv2d', filters: 3, kernelSize: 3, strides: 2, padding: 'same' },
      { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 },
      { kind: 'dropout' },
    ],
  },
  { kind: 'flatten' },
  { kind: 'dense', units: 6 },
  { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 },
  { kind: 'dropout' },
  { kind: 'dense', units: 3 },
];

type Changes = Partial<
  Omit<NetworkVariant, 'layers'> & LayerDefaults & { readonly layers: readonly LayerConfig[] }
>;

export function smallVariant(changes: Changes = {}): NetworkVariant {
  const {
    layers = smallLayers,
    activation = 'relu',
    init = 'he',
    dropout = { kind: 'standard', rate: 0.5 },
    ...rest
  } = changes;
  return {
    name: 'small',
    label: 'Small',
    input: 'raw',
    updatesPerStep: 1,
    layers: resolveLayers(layers, { activation, init, dropout }),
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0 },
    objective: defaultObjective,
    ...rest,
  };
}

export function openTask({
  variant = smallVariant(),
  splits = { train: noise, validation: noise, test: noise },
  ...changes
}: Partial<Omit<OpenTask, 'variant'>> & { readonly variant?: NetworkVariant } = {}): OpenTask {
  return {
    sessionId: 'session',
    engine: testedEngine,
    variant,
    network: planNetwork(variant, splits.train.inputs.shape),
    splits,
    seeds: { init: 1, dropout: 2 },
    metrics: ['loss', 'accuracy'],
    minibatchMetrics: ['loss', 'accuracy'],
    ...changes,
  };
}

/** The data of {@link openTask} for variants whose inputs stay as they are. */
export function rawData({ splits }: Pick<OpenTask, 'splits'> = openTask()): VariantData {
  return { splits, scalings: new Map([['raw', undefined]]), outputs: 3 };
}

const images = 60;

/** Sixty images of noise, of three classes. */
export const noise: Examples = drawNoise();

function drawNoise(): Examples {
  const uniform = new Float32Array(images * 8 * 8);
  statelessUniform(uniform, [1, 0]);
  return examplesOf(
    [8, 8, 1],
    uniform.map((value) => Math.floor(256 * value)),
    uniform.slice(0, images).map((value) => Math.floor(3 * value)),
  );
}

/** Step `step` of a run on minibatches of five images, a pure function of the step. */
export function stepTask(step: number, changes: Partial<StepTask> = {}): StepTask {
  return {
    sessionId: 'session',
    step,
    indices: Int32Array.from({ length: 5 }, (_, index) => (5 * step + index) % images),
    evaluate: true,
    ...changes,
  };
}
