import { expect } from 'chai';
import type { OptimizerSpec } from '../../../../src/model/optimizers.js';
import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { Optimizer } from '../../../../workers/model/optimizer.js';
import { tf } from '../../../../workers/tf.js';
import { expectClose } from '../../../support/close.js';
import { drawTensor } from '../../../support/drawn-tensor.js';
import { testedEngine } from '../../../support/engine.js';

const adam = { beta1: 0.9, beta2: 0.99, epsilon: 1e-5 };
const rmsprop = { rho: 0.9, momentum: 0, centered: false, epsilon: 1e-5 };
const cases: readonly (readonly [OptimizerSpec, slots: readonly string[]])[] = [
  [{ kind: 'sgd', learningRate: 0.1, momentum: 0 }, []],
  [{ kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, ['momentum']],
  [{ kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true }, ['momentum']],
  [{ kind: 'adam', learningRate: 0.1, ...adam }, ['m', 'v']],
  [{ kind: 'adamW', learningRate: 0.1, weightDecay: 0.01, ...adam }, ['m', 'v']],
  [{ kind: 'rmsprop', learningRate: 0.1, ...rmsprop }, ['meanSquare']],
  [{ kind: 'rmsprop', learningRate: 0.1, ...rmsprop, centered: true }, ['meanSquare', 'mean']],
  [{ kind: 'rmsprop', learningRate: 0.1, ...rmsprop, momentum: 0.9 }, ['meanSquare', 'momentum']],
];

/** Two parameters and what is kept for them after four updates. */
function trained(engine: Engine, spec: OptimizerSpec, roles: readonly string[], size: number) {
  const shapes = { w: [size], b: [2] };
  const parameters = new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      tf.tidy(() => tf.variable(drawTensor(shape, 1))),
    ]),
  );
  const slots = Object.entries(shapes).flatMap(([parameter, shape]) =>
    roles.map((role) => ({ name: `${parameter}.${role}`, role, parameter, shape })),
  );
  const plan = { spec, slots, decouplesDecay: spec.kind === 'adamW' };
  const optimizer = new Optimizer(engine, plan, parameters);
  for (const step of [1, 2, 3, 4]) {
    tf.tidy(() => {
      const gradients = Object.entries(shapes).map(
        ([name, shape]) => [name, drawTensor(shape, 10 + step)] as const,
      );
      optimizer.update(new Map(gradients), optimizer.rates(step));
    });
  }
  const all = [...parameters.values(), ...optimizer.variables.values()];
  const values = all.map((variable) => Float32Array.from(variable.dataSync()));
  tf.dispose(all);
  return values;
}

if (testedEngine === 'wasm') {
  describe('updates in one pass on the wasm engine', () => {
    it('are not there: the general ones are tested', async () => {
      expect((await loadEngine(testedEngine)).updates).to.deep.equal({});
    });
  });
} else {
  describe('updates in one pass on the tensorflow engine', () => {
    let engine: Engine;
    before(async () => {
      engine = await loadEngine(testedEngine);
    });

    it('are there for every kind', () => {
      expect(Object.keys(engine.updates)).to.have.members(['sgd', 'adam', 'adamW', 'rmsprop']);
    });

    it('come after all that reads what they change, in a prepared computation, too', () => {
      const w = tf.variable(tf.tensor1d([1, 2]));
      const spec = { kind: 'sgd', learningRate: 1, momentum: 0 } as const;
      const descend = (gradient: tf.Tensor) => {
        engine.updates.sgd!(
          [{ parameter: w, gradient, slots: {}, rate: tf.scalar(1) }],
          spec,
          undefined,
        );
      };
      const compute = engine.compile([w], ([x]) =>
        tf.tidy(() => {
          const doubled = tf.mul(tf.reshape(w, [2, 1]), 2);
          descend(tf.add(x!, 0));
          return [doubled];
        }),
      );
      const run = () => tf.tidy(() => Array.from(compute([tf.ones([2])])[0]!.dataSync()));
      expect([run(), run(), run()]).to.deep.equal([
        [2, 4],
        [0, 2],
        [-2, 0],
      ]);
      expect(Array.from(w.dataSync())).to.deep.equal([-2, -1]);
      const late = engine.compile([w], ([x]) =>
        tf.tidy(() => {
          const view = tf.reshape(w, [2, 1]);
          descend(x!);
          return [tf.mul(view, 2)];
        }),
      );
      expect(() => tf.tidy(() => late([tf.ones([2])]))).to.throw('changes its state last');
      expect(Array.from(w.dataSync())).to.deep.equal([-2, -1]);
      w.dispose();
    });

    for (const [spec, roles] of cases) {
      it(`give what several operations give: ${JSON.stringify(spec)}`, () => {
        // Whole vectors, parts of one, and both.
        for (const size of [1, 3, 4, 11, 64]) {
          const before = tf.memory().numTensors;
          const own = trained(engine, spec, roles, size);
          const general = trained({ ...engine, updates: {} }, spec, roles, size);
          for (const [index, values] of own.entries()) {
            expectClose(values, general[index]!, 1e-6, `tensor ${index} of ${size}`);
          }
          expect(tf.memory().numTensors).to.equal(before);
        }
      });
    }
  });
}
