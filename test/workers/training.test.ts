import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { numberIn } from '../../src/protocol/sums.js';
import type { ActivationName } from '../../src/model/activations.js';
import { resolveLayers } from '../../src/model/layers.js';
import type { DropoutMethod } from '../../src/model/layers/kind.js';
import { planNetwork } from '../../src/model/network.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { VariantSpec } from '../../src/model/variant.js';
import type { Examples, OpenTask, Shape, TensorData } from '../../src/protocol/index.js';
import { statelessUniform } from '../../src/random/uniform.js';
import { loadEngine } from '../../workers/engines/load.js';
import { Session } from '../../workers/sessions/session.js';
import { expectClose } from '../support/close.js';
import { testedEngine } from '../support/engine.js';
import { examplesOf } from '../support/examples.js';

/** Written by scripts/goldens/tiny_training.py, an independent program over plain TensorFlow. */
const golden = JSON.parse(readFileSync('test/workers/training.golden.json', 'utf8')) as {
  readonly batch: number;
  readonly classes: number;
  readonly image: Shape;
  readonly shapes: Record<string, number[]>;
  /** Of each pixel, for inputs to be standardized. */
  readonly mean: number[];
  readonly std: number[];
  readonly learningRate: number;
  readonly dropoutSeed: number;
  readonly variants: Record<
    string,
    {
      readonly input: string;
      readonly activation: ActivationName;
      readonly kind: DropoutMethod;
      readonly rate: number;
      readonly momentum: number;
      readonly steps: { trainingLoss: number; loss: number; accuracy: number }[];
      readonly weights: Record<string, number[]>;
      readonly velocities: Record<string, number[]>;
    }
  >;
};

function draw(size: number, seed: [number, number], map: (u: number) => number): Float32Array {
  const values = new Float32Array(size);
  statelessUniform(values, seed);
  return values.map(map);
}

const train = examples();

function task(name: string): OpenTask {
  const { input, activation, kind, rate, momentum } = golden.variants[name]!;
  const variant: VariantSpec = {
    name,
    label: name,
    input,
    updatesPerStep: 1,
    layers: resolveLayers(
      [
        { kind: 'conv2d', filters: 5, kernelSize: 3, strides: 1, padding: 'same' },
        { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' },
        { kind: 'conv2d', filters: 4, kernelSize: 2, strides: 1, padding: 'valid' },
        { kind: 'dropout' },
        { kind: 'flatten' },
        { kind: 'dense', units: 9 },
        { kind: 'dropout' },
        { kind: 'dense', units: golden.classes },
      ],
      { activation, init: 'he', dropout: { kind, rate } },
    ),
    optimizer: { kind: 'sgd', learningRate: golden.learningRate, momentum },
    objective: defaultObjective,
  };
  const tensors: Record<string, TensorData> = {};
  Object.entries(golden.shapes).forEach(([weight, shape], index) => {
    const size = shape.reduce((product, length) => product * length, 1);
    tensors[weight] = { shape, values: draw(size, [300, index], (u) => u - 0.5) };
    if (momentum > 0) {
      tensors[`optimizer.momentum.${weight}`] = { shape, values: new Float32Array(size) };
    }
  });
  return {
    sessionId: name,
    engine: testedEngine,
    variant,
    network: planNetwork(variant, golden.image),
    splits: { train, validation: train, test: train },
    ...(input === 'standardized' && {
      scaling: { offset: Float64Array.from(golden.mean), scale: Float64Array.from(golden.std) },
    }),
    seeds: { init: 0, dropout: golden.dropoutSeed },
    metrics: ['loss', 'accuracy'],
    minibatchMetrics: ['loss', 'accuracy'],
    restore: { step: 0, tensors },
  };
}

/** The minibatches of all steps, one after the other. */
function examples(): Examples {
  const pixels = golden.image.reduce((product, length) => product * length, 1);
  const steps = Object.values(golden.variants)[0]!.steps.map((_, index) => index + 1);
  const bytes = steps.flatMap((step) =>
    Array.from(draw(golden.batch * pixels, [100, step], (u) => Math.floor(256 * u))),
  );
  const labels = steps.flatMap((step) =>
    Array.from(draw(golden.batch, [200, step], (u) => Math.floor(u * golden.classes))),
  );
  return examplesOf(golden.image, bytes, labels);
}

function indicesOf(step: number): Int32Array {
  return Int32Array.from({ length: golden.batch }, (_, index) => golden.batch * (step - 1) + index);
}

describe(`training on the ${testedEngine} engine`, () => {
  for (const [name, expected] of Object.entries(golden.variants)) {
    const { activation, momentum } = expected;
    it(`follows TensorFlow with ${name} dropout, ${activation} and momentum ${momentum}`, async () => {
      const session = await Session.open(await loadEngine(testedEngine), task(name));
      expected.steps.forEach(({ loss, accuracy }, index) => {
        const step = index + 1;
        const reply = session.step({
          sessionId: name,
          step,
          indices: indicesOf(step),
          evaluate: true,
        });
        expectClose(
          [numberIn(reply.sums, 'loss') / reply.examples],
          [loss],
          1e-5,
          `the loss of step ${step}`,
        );
        expect(numberIn(reply.sums, 'correct') / reply.examples).to.be.closeTo(accuracy, 1e-7);
      });
      const { tensors } = await session.save();
      for (const [weight, values] of Object.entries(expected.weights)) {
        expectClose(tensors[weight]!.values, values, 1e-5, weight);
      }
      for (const [weight, values] of Object.entries(expected.velocities)) {
        const slot = `optimizer.momentum.${weight}`;
        expectClose(tensors[slot]!.values, values, 1e-5, slot);
      }
      expect(Object.keys(tensors)).to.have.members([
        ...Object.keys(expected.weights),
        ...Object.keys(expected.velocities).map((weight) => `optimizer.momentum.${weight}`),
      ]);
      session.close();
    });

    it(`reports the training pass's own loss with ${name} dropout when it does not evaluate`, async () => {
      const session = await Session.open(await loadEngine(testedEngine), task(name));
      expected.steps.forEach(({ trainingLoss }, index) => {
        const step = index + 1;
        const reply = session.step({
          sessionId: name,
          step,
          indices: indicesOf(step),
          evaluate: false,
        });
        expectClose(
          [numberIn(reply.sums, 'loss') / reply.examples],
          [trainingLoss],
          1e-5,
          `the training loss of step ${step}`,
        );
      });
      session.close();
    });
  }
});
