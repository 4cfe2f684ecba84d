import type { Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'chai';
import type { Callback, Computation, Engine } from '../../workers/engines/engine.js';
import { loadEngine } from '../../workers/engines/load.js';
import { tf } from '../../workers/tf.js';
import { testedEngine } from '../support/engine.js';

describe(`computations prepared on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  /** The values of the results for a matrix of so many rows that all hold `value`. */
  function valuesOf(compute: Computation, rows: number, value: number): number[][] {
    return tf.tidy(() =>
      compute([tf.fill([rows, 3], value)]).map((result) => Array.from(result.dataSync())),
    );
  }

  it('read and assign their state, time after time, for inputs of several shapes', () => {
    const weights = tf.variable(tf.ones([3, 2]));
    const untouched = tf.variable(tf.scalar(10));
    const compute = engine.compile([weights, untouched], ([x]) =>
      tf.tidy(() => {
        const product = tf.matMul(x as tf.Tensor2D, weights);
        weights.assign(tf.add(weights, 1));
        return [tf.add(product, untouched), tf.sum(product)];
      }),
    );
    const before = tf.memory().numTensors;
    // Three times the weight, 1 at first, times the value.
    expect(valuesOf(compute, 1, 1)).to.deep.equal([[13, 13], [6]]);
    expect(valuesOf(compute, 1, 2)).to.deep.equal([[22, 22], [24]]);
    expect(valuesOf(compute, 2, 1)).to.deep.equal([[19, 19, 19, 19], [36]]);
    untouched.assign(tf.scalar(0));
    expect(valuesOf(compute, 2, 1)).to.deep.equal([[12, 12, 12, 12], [48]]);
    expect(Array.from(weights.dataSync())).to.deep.equal([5, 5, 5, 5, 5, 5]);
    expect(tf.memory().numTensors).to.equal(before + 1);
    tf.dispose([weights, untouched]);
  });

  it('may hand on an input, a state or a constant', () => {
    const state = tf.variable(tf.scalar(7));
    const compute = engine.compile([state], ([x]) => [tf.clone(x!), tf.clone(state), tf.scalar(3)]);
    for (const value of [1, 2]) {
      expect(valuesOf(compute, 1, value)).to.deep.equal([[value, value, value], [7], [3]]);
    }
    state.dispose();
  });

  it('call back into TypeScript midway, each time, also one callback after another', () => {
    const total = tf.variable(tf.scalar(0));
    const squares: Callback = ([values]) => [
      { shape: [2], values: Float32Array.of(values![0]! ** 2, -1) },
    ];
    const compute = engine.compile([total], ([x]) =>
      tf.tidy(() => {
        const before = tf.add(total, 1);
        total.assign(tf.add(total, tf.sum(x!)));
        const [first] = engine.callback([total], squares);
        const [second] = engine.callback([tf.sum(first!)], squares);
        // From before both callbacks, from each, from between them, and from the input.
        return [tf.stack([before, total, tf.sum(first!), tf.sum(second!), tf.max(x!)])];
      }),
    );
    const tensors = tf.memory().numTensors;
    expect(valuesOf(compute, 1, 1)).to.deep.equal([[1, 3, 8, 63, 1]]);
    expect(valuesOf(compute, 1, 2)).to.deep.equal([[4, 9, 80, 6399, 2]]);
    expect(valuesOf(compute, 2, 1)).to.deep.equal([[10, 15, 224, 50175, 1]]);
    expect(tf.memory().numTensors).to.equal(tensors);
    total.dispose();
  });

  it('have gradients through a callback', () => {
    const weights = tf.variable(tf.ones([3, 1]));
    const cube = tf.customGrad((x, save) => {
      const [value, slope] = engine.callback([x as Tensor], ([values]) => [
        { shape: [], values: Float32Array.of(values![0]! ** 3) },
        { shape: [1, 1], values: Float32Array.of(3 * values![0]! ** 2) },
      ]);
      (save as tf.GradSaveFunc)([slope!]);
      return { value: value!, gradFunc: (dy: Tensor, [saved]: Tensor[]) => tf.mul(dy, saved!) };
    });
    const compute = engine.compile([weights], ([x]) =>
      tf.tidy(() => {
        const loss = () => cube(tf.matMul(x as tf.Tensor2D, weights)) as tf.Scalar;
        const { value, grads } = tf.variableGrads(loss, [weights]);
        return [value, grads[weights.name]!];
      }),
    );
    // The derivative of (3 x)^3 with respect to each of the three weights of 1 is 3 (3 x)^2 x.
    expect(valuesOf(compute, 1, 1)).to.deep.equal([[27], [27, 27, 27]]);
    expect(valuesOf(compute, 1, 2)).to.deep.equal([[216], [216, 216, 216]]);
    weights.dispose();
  });

  it('leave the state as it was when they fail', () => {
    const state = tf.variable(tf.tensor1d([1, 2]));
    let fail = true;
    const compute = engine.compile([state], ([x]) => {
      if (fail) throw new Error('not yet');
      state.assign(tf.mul(state, 2));
      return [tf.add(x!, 1)];
    });
    expect(() => valuesOf(compute, 1, 1)).to.throw('not yet');
    expect(Array.from(state.dataSync())).to.deep.equal([1, 2]);
    fail = false;
    expect(valuesOf(compute, 1, 1)).to.deep.equal([[2, 2, 2]]);
    expect(Array.from(state.dataSync())).to.deep.equal([2, 4]);
    state.dispose();
  });
});
