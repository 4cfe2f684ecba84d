import { metricKind, metricsOf } from '../src/metrics/registry.js';
import { targetsOf } from '../src/model/objectives.js';
import type { ObjectiveSpec } from '../src/model/objectives.js';

/** Draws, all from one generator. */
export interface Draw {
  /** A whole number from 0 to `bound` - 1. */
  readonly below: (bound: number) => number;
  readonly between: (low: number, high: number) => number;
  readonly oneOf: <Value>(values: readonly Value[]) => Value;
  readonly chance: (probability: number) => boolean;
}

export interface Wanted {
  readonly index: number;
  readonly steps: number;
  /** Units of the last layer. */
  readonly outputs: number;
}

type Settings = Readonly<Record<string, unknown>>;

const activations = [
  ...['linear', 'relu', 'selu', 'elu', 'leakyRelu', 'tanh', 'sigmoid', 'softplus', 'gelu', 'silu'],
  { kind: 'leakyRelu', slope: 0.05 },
];
const initializers = [
  ...['he', 'heUniform', 'lecun', 'lecunUniform', 'glorot', 'glorotUniform'],
  ...['orthogonal', 'truncatedNormal', { kind: 'orthogonal', gain: 1.4 }],
  { kind: 'truncatedNormal', stddev: 0.2 },
];
const scalings = ['raw', 'standardized', 'standardizedPerChannel', 'minmax'];

/** A configuration from the whole space, for images of 10 x 10 x 3; validation may refuse it. */
export function randomConfig(draw: Draw, { index, steps, outputs }: Wanted): Settings {
  const network = () => ({ layers: [...imageLayers(draw), ...flatLayers(draw, outputs)] });
  const updates = draw.oneOf([1, 1, 2, 4]);
  const batchSize = updates * Math.ceil((8 + draw.below(9)) / updates);
  const variant = () => ({
    ...(draw.chance(0.5) && { batchSize: batchSize / updates }),
    input: draw.oneOf(scalings),
    activation: draw.oneOf(activations),
    init: draw.oneOf(initializers),
    dropout: {
      kind: draw.oneOf(['standard', 'alpha', 'spatial']),
      rate: draw.oneOf([0, 0.1, 0.5]),
    },
    ...(draw.chance(0.5) && { optimizer: optimizer(draw, steps) }),
  });
  const minimized = objective(draw, outputs);
  return {
    name: `random-${index}`,
    data: { batchSize, validationSize: draw.oneOf([0, 20]) },
    training: {
      steps,
      optimizer: optimizer(draw, steps),
      objective: minimized,
      ...(draw.chance(0.5) && { augmentation: augmentation(draw) }),
    },
    network: network(),
    variants: {
      a: variant(),
      b: { ...variant(), ...(draw.chance(0.5) && { network: network() }) },
    },
    pairing: {
      init: draw.oneOf(['shared', 'independent']),
      dropout: draw.oneOf(['shared', 'independent']),
      augmentation: draw.oneOf(['shared', 'independent']),
    },
    evaluation: {
      metrics: metricsOf(targetsOf(minimized as ObjectiveSpec)).filter(
        (name) => outputs >= (metricKind(name).fewestClasses ?? 1),
      ),
      splits: [{ split: 'test', examples: 'all' }],
    },
  };
}

function some<Value>(count: number, value: () => Value): Value[] {
  return Array.from({ length: count }, value);
}

/** One number for both directions, or one for each. */
function pair(draw: Draw, most: number): number | number[] {
  const side = () => 1 + draw.below(most);
  return draw.chance(0.5) ? side() : [side(), side()];
}

function own(draw: Draw): Settings {
  return {
    ...(draw.chance(0.3) && { activation: draw.oneOf(activations) }),
    ...(draw.chance(0.3) && { init: draw.oneOf(initializers) }),
    ...(draw.chance(0.3) && { bias: false }),
  };
}

function imageLayers(draw: Draw): Settings[] {
  const padding = () => draw.oneOf(['same', 'valid']);
  const blocks = some(draw.below(4), () => {
    if (draw.chance(0.2)) return [residual(draw)];
    const dilated = draw.chance(0.2);
    return [
      {
        kind: 'conv2d',
        filters: 1 + draw.below(6),
        kernelSize: pair(draw, 3),
        strides: dilated ? 1 : pair(draw, 2),
        padding: padding(),
        ...(dilated && { dilation: pair(draw, 2) }),
        ...(draw.chance(0.2) && { groups: draw.oneOf([2, 3]) }),
        ...own(draw),
      },
      ...between(draw),
      ...(draw.chance(0.4)
        ? [
            {
              kind: draw.oneOf(['maxPool', 'avgPool']),
              poolSize: 2 + draw.below(2),
              strides: 1 + draw.below(3),
              padding: padding(),
            },
          ]
        : []),
    ];
  });
  return [...blocks.flat(), { kind: draw.oneOf(['flatten', 'flatten', 'globalAvgPool']) }];
}

/** Projected where it steps or has other channels than its input. */
function residual(draw: Draw): Settings {
  const filters = 1 + draw.below(4);
  const conv = { kind: 'conv2d', filters, padding: 'same' };
  return {
    kind: 'residual',
    layers: [
      { ...conv, kernelSize: pair(draw, 3), strides: 1 + draw.below(2), ...own(draw) },
      ...between(draw),
      { ...conv, kernelSize: pair(draw, 3), ...own(draw) },
    ],
    ...(draw.chance(0.3) && { init: draw.oneOf(initializers) }),
  };
}

function flatLayers(draw: Draw, outputs: number): Settings[] {
  const hidden = some(draw.below(3), () => [
    { kind: 'dense', units: 2 + draw.below(10), ...own(draw) },
    ...between(draw),
  ]);
  return [...hidden.flat(), { kind: 'dense', units: outputs, ...own(draw) }];
}

/** Normalizations, activations and dropout. */
function between(draw: Draw): Settings[] {
  return [
    ...(draw.chance(0.25) ? [{ kind: 'batchNorm', momentum: draw.oneOf([0.9, 0.99]) }] : []),
    ...(draw.chance(0.15) ? [{ kind: 'layerNorm', epsilon: draw.oneOf([1e-3, 1e-2]) }] : []),
    ...(draw.chance(0.15) ? [{ kind: 'activation' }] : []),
    ...(draw.chance(0.25)
      ? [{ kind: 'dropout', ...(draw.chance(0.5) && { rate: 0.3, method: 'standard' }) }]
      : []),
  ];
}

function optimizer(draw: Draw, steps: number): Settings {
  const common = {
    ...(draw.chance(0.3) && { weightDecay: 0.01 }),
    ...(draw.chance(0.3) && { clipNorm: draw.between(0.1, 2) }),
    ...(draw.chance(0.2) && { clipValue: draw.between(0.01, 0.5) }),
    ...(draw.chance(0.5) && { schedule: schedule(draw, steps) }),
  };
  return draw.oneOf([
    { kind: 'sgd', learningRate: draw.between(0.001, 0.02), ...common },
    { kind: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: draw.chance(0.5), ...common },
    { kind: 'adam', learningRate: draw.between(1e-4, 3e-3), epsilon: 1e-4, ...common },
    { kind: 'adamW', learningRate: draw.between(1e-4, 3e-3), epsilon: 1e-4, ...common },
    {
      ...{ kind: 'rmsprop', learningRate: draw.between(1e-4, 2e-3), epsilon: 1e-3, ...common },
      ...{ momentum: draw.oneOf([0, 0.5]), centered: draw.chance(0.5) },
    },
  ]);
}

function schedule(draw: Draw, steps: number): Settings {
  const warmup = draw.below(4);
  return draw.oneOf([
    { kind: 'constant', warmup },
    { kind: 'linear', warmup, end: 0.1 },
    { kind: 'cosine', warmup, steps: Math.min(2 + draw.below(6), steps - warmup) },
    { kind: 'exponential', warmup, factor: 0.5, every: 2 },
    { kind: 'step', warmup, factor: 0.3, every: 2 },
    { kind: 'step', warmup, factor: 0.5, at: [1, 3] },
  ]);
}

function objective(draw: Draw, outputs: number): Settings {
  const labelSmoothing = draw.oneOf([0, 0.1]);
  const classWeights = draw.oneOf<unknown>(['balanced', some(outputs, () => draw.between(0.5, 2))]);
  return draw.oneOf<Settings>([
    { kind: 'softmaxCrossEntropy' },
    { kind: 'softmaxCrossEntropy', labelSmoothing, ...(draw.chance(0.5) && { classWeights }) },
    { kind: 'sigmoidCrossEntropy', labelSmoothing },
    { kind: 'meanSquaredError' },
    { kind: 'meanAbsoluteError' },
    { kind: 'huber', delta: draw.between(0.2, 1.5) },
  ]);
}

function augmentation(draw: Draw): Settings[] {
  const fill = draw.oneOf([0, 0.5, 'edge', 'reflect']);
  return some(1 + draw.below(3), () =>
    draw.oneOf<Settings>([
      { kind: 'horizontalFlip' },
      { kind: 'shift', pixels: 1 + draw.below(4), fill },
      { kind: 'randomCrop', padding: 1 + draw.below(4), fill },
      { kind: 'rotation', degrees: draw.between(5, 180), fill },
      { kind: 'cutout', size: 1 + draw.below(8), fill: 0.3 },
      { kind: 'noise', std: draw.between(0.01, 0.3) },
    ]),
  );
}
