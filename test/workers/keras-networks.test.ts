import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { resolveLayers } from '../../src/model/layers.js';
import type { LayerConfig } from '../../src/model/layers.js';
import { planNetwork } from '../../src/model/network.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import type { VariantSpec } from '../../src/model/variant.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { Examples, OpenTask, Shape, TensorMap } from '../../src/protocol/index.js';
import { statelessUniform } from '../../src/random/uniform.js';
import { loadEngine } from '../../workers/engines/load.js';
import { Session } from '../../workers/sessions/session.js';
import { expectClose } from '../support/close.js';
import { testedEngine } from '../support/engine.js';
import { examplesOf } from '../support/examples.js';

interface KerasNetwork {
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly steps: readonly { readonly trainingLoss: number; readonly loss: number }[];
  readonly weights: Readonly<Record<string, number[]>>;
}

/** Written by scripts/goldens/keras_networks.py, whose layers and optimizer are Keras's own. */
const golden = JSON.parse(readFileSync('test/workers/keras-networks.golden.json', 'utf8')) as {
  readonly batch: number;
  readonly classes: number;
  readonly image: Shape;
  readonly learningRate: number;
  readonly networks: Readonly<Record<string, KerasNetwork>>;
};

const conv = {
  kind: 'conv2d',
  kernelSize: 3,
  strides: 1,
  padding: 'same',
  activation: 'linear',
} as const;

/** The networks of the script. */
const networks: Readonly<Record<string, readonly LayerConfig[]>> = {
  normalized: [
    { ...conv, filters: 4, bias: false },
    { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 },
    { kind: 'activation', activation: 'relu' },
    { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'valid' },
    { kind: 'layerNorm', epsilon: 1e-3 },
    { kind: 'flatten' },
    { kind: 'dense', units: 7, activation: 'linear' },
    { kind: 'batchNorm', momentum: 0.99, epsilon: 0.01 },
    { kind: 'activation', activation: 'gelu' },
    { kind: 'dense', units: 6, activation: 'linear' },
    { kind: 'layerNorm', epsilon: 1e-5 },
    { kind: 'activation', activation: 'silu' },
    { kind: 'dense', units: golden.classes },
  ],
  residual: [
    { ...conv, filters: 4, activation: 'relu' },
    block(4, 1),
    { kind: 'activation' },
    block(6, 2),
    { kind: 'globalAvgPool' },
    { kind: 'residual', layers: [{ kind: 'dense', units: 9 }] },
    { kind: 'dense', units: golden.classes },
  ],
};

function block(filters: number, strides: number): LayerConfig {
  return {
    kind: 'residual',
    layers: [
      { ...conv, filters, strides, bias: false },
      { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 },
      { kind: 'activation' },
      { ...conv, filters },
    ],
  };
}

function draw(size: number, seed: [number, number], map: (u: number) => number): Float32Array {
  const values = new Float32Array(size);
  statelessUniform(values, seed);
  return values.map(map);
}

function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The minibatches of all steps, one after the other. */
function examples(steps: number): Examples {
  const seeds = Array.from({ length: steps }, (_, index) => index + 1);
  const bytes = seeds.flatMap((step) =>
    Array.from(draw(golden.batch * sizeOf(golden.image), [100, step], (u) => Math.floor(256 * u))),
  );
  const labels = seeds.flatMap((step) =>
    Array.from(draw(golden.batch, [200, step], (u) => Math.floor(u * golden.classes))),
  );
  return examplesOf(golden.image, bytes, labels);
}

function task(name: string, { shapes, steps }: KerasNetwork): OpenTask {
  const optimizer: OptimizerSpec = {
    kind: 'sgd',
    learningRate: golden.learningRate,
    momentum: 0,
  };
  const variant: VariantSpec = {
    name,
    label: name,
    input: 'raw',
    updatesPerStep: 1,
    layers: resolveLayers(networks[name]!, {
      activation: 'relu',
      init: 'he',
      dropout: { kind: 'standard', rate: 0 },
    }),
    optimizer,
    objective: defaultObjective,
  };
  const tensors = Object.entries(shapes).map(
    ([parameter, shape], index): [string, TensorMap[string]] => {
      const offset = /gamma$|Variance$/.test(parameter) ? 0.5 : -0.5;
      return [parameter, { shape, values: draw(sizeOf(shape), [300, index], (u) => u + offset) }];
    },
  );
  const train = examples(steps.length);
  return {
    sessionId: name,
    engine: testedEngine,
    variant,
    network: planNetwork(variant, golden.image),
    splits: { train, validation: train, test: train },
    seeds: { init: 0, dropout: 0 },
    metrics: ['loss'],
    minibatchMetrics: ['loss'],
    restore: { step: 0, tensors: Object.fromEntries(tensors) },
  };
}

describe(`networks on the ${testedEngine} engine, against Keras step by step`, () => {
  const indicesOf = (step: number) =>
    Int32Array.from({ length: golden.batch }, (_, index) => golden.batch * (step - 1) + index);

  for (const [name, network] of Object.entries(golden.networks)) {
    it(`trains the ${name} one as Keras does, moving means included`, async function () {
      this.timeout(60_000);
      const session = await Session.open(await loadEngine(testedEngine), task(name, network));
      network.steps.forEach(({ trainingLoss, loss }, index) => {
        const step = index + 1;
        const indices = indicesOf(step);
        const trained = session.step({ sessionId: name, step, indices, evaluate: false });
        const evaluated = session.evaluate({ sessionId: name, split: 'train', indices });
        const losses = [trained, evaluated].map(({ sums }) => Number(sums.loss) / golden.batch);
        expectClose(losses, [trainingLoss, loss], 2e-5, `the losses of step ${step}`);
      });
      const { tensors } = await session.save();
      expect(Object.keys(tensors)).to.have.members(Object.keys(network.weights));
      for (const [parameter, values] of Object.entries(network.weights)) {
        expect(tensors[parameter]!.shape).to.deep.equal(network.shapes[parameter]);
        expectClose(tensors[parameter]!.values, values, 2e-5, parameter);
      }
      session.close();
    });
  }
});
