import { expect } from 'chai';
import type { Computation, Engine } from '../../workers/engines/engine.js';
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

  it('may read values midway', () => {
    const total = tf.variable(tf.scalar(0));
    const compute = engine.compile([total], ([x]) =>
      tf.tidy(() => {
        total.assign(tf.add(total, tf.sum(x!)));
        // Read and computed in JavaScript.
        return [tf.scalar(total.dataSync()[0]! ** 2)];
      }),
    );
    expect(valuesOf(compute, 1, 1)).to.deep.equal([[9]]);
    expect(valuesOf(compute, 1, 1)).to.deep.equal([[36]]);
    total.dispose();
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
