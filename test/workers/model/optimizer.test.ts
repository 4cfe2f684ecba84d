import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { decouplesDecay, slotsOf } from '../../../src/model/optimizers.js';
import type { OptimizerSpec } from '../../../src/model/optimizers.js';
import { learningRateAt } from '../../../src/model/schedules.js';
import type { Engine } from '../../../workers/engines/engine.js';
import { loadEngine } from '../../../workers/engines/load.js';
import { Optimizer } from '../../../workers/model/optimizer.js';
import { tf } from '../../../workers/tf.js';
import { expectClose } from '../../support/close.js';
import { testedEngine } from '../../support/engine.js';

type Tensors = Readonly<Record<string, number[]>>;

/** Written by scripts/goldens/optimizers.py, with Keras's own optimizers. */
const golden = JSON.parse(readFileSync('test/workers/model/optimizer.golden.json', 'utf8')) as {
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly start: Tensors;
  /** Of each step. */
  readonly gradients: readonly Tensors[];
  /** Parameters after each step. */
  readonly cases: readonly { readonly spec: OptimizerSpec; readonly steps: readonly Tensors[] }[];
};

function tensorOf(values: Tensors, name: string): Tensor {
  return tf.tensor(values[name]!, golden.shapes[name]);
}

function createParameters(): Map<string, Variable> {
  const names = Object.keys(golden.shapes);
  return new Map(names.map((name) => [name, tf.variable(tensorOf(golden.start, name))]));
}

function createOptimizer(
  engine: Engine,
  spec: OptimizerSpec,
  parameters: ReadonlyMap<string, Variable>,
): Optimizer {
  const slots = slotsOf(spec).flatMap((role) =>
    Object.entries(golden.shapes).map(([parameter, shape]) => {
      return { name: `optimizer.${role}.${parameter}`, role, parameter, shape };
    }),
  );
  const plan = { spec, slots, decouplesDecay: decouplesDecay(spec) };
  return new Optimizer(engine, plan, parameters);
}

function update(
  optimizer: Optimizer,
  gradients: Tensors,
  step: number,
  learningRate?: number,
): void {
  tf.tidy(() => {
    const tensors = Object.keys(gradients).map(
      (name) => [name, tensorOf(gradients, name)] as const,
    );
    optimizer.update(new Map(tensors), optimizer.rates(step, learningRate));
  });
}

describe(`optimizers on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  for (const { spec, steps } of golden.cases) {
    it(`follow Keras step by step: ${JSON.stringify(spec)}`, () => {
      const parameters = createParameters();
      const optimizer = createOptimizer(engine, spec, parameters);
      const before = tf.memory().numTensors;
      steps.forEach((expected, index) => {
        const step = index + 1;
        const learningRate = learningRateAt(spec, step, steps.length);
        update(optimizer, golden.gradients[index]!, step, learningRate);
        for (const [name, parameter] of parameters) {
          const what = `${name} after step ${step}`;
          expectClose(parameter.dataSync(), expected[name]!, 1e-6, what);
        }
      });
      expect(tf.memory().numTensors, 'tensors left behind').to.equal(before);
      tf.dispose([...parameters.values(), ...optimizer.variables.values()]);
    });
  }

  const clipping = [{ clipValue: 0.5 }, { clipNorm: 0.5 }];
  for (const settings of clipping) {
    it(`let a gradient that is not a number show, whatever ${Object.keys(settings).join()} is`, () => {
      const parameters = createParameters();
      const spec = { kind: 'sgd', learningRate: 0.1, momentum: 0, ...settings } as const;
      const optimizer = createOptimizer(engine, spec, parameters);
      const { kernel, bias } = golden.gradients[0]!;
      update(optimizer, { kernel: kernel!.with(3, NaN), bias: bias! }, 1);
      expect(parameters.get('kernel')!.dataSync()[3]).to.be.NaN;
      tf.dispose([...parameters.values()]);
    });
  }

  it('change nothing where the norm is not above clipNorm, nor the value above clipValue', () => {
    const plain = { kind: 'sgd', learningRate: 0.1, momentum: 0 } as const;
    const trained = [plain, { ...plain, clipNorm: 1e3, clipValue: 1e3 }].map((spec) => {
      const parameters = createParameters();
      update(createOptimizer(engine, spec, parameters), golden.gradients[0]!, 1);
      const values = [...parameters.values()].map((parameter) => [...parameter.dataSync()]);
      tf.dispose([...parameters.values()]);
      return values;
    });
    expect(trained[1]).to.deep.equal(trained[0]);
  });
});
