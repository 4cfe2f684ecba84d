import { tf } from '../tf.js';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Engine } from '../engines/engine.js';
import type { OptimizerSpec } from '../../src/protocol/index.js';

/**
 * Stochastic gradient descent with classical momentum: `v = momentum * v + gradient`, then
 * `w = w - learningRate * v`. Without momentum there is no state.
 * Polyak 1964; in the form of TensorFlow's MomentumOptimizer.
 */
export class Sgd {
  /** By parameter name; empty without momentum. */
  readonly velocities = new Map<string, Variable>();
  readonly #engine: Engine;
  readonly #learningRate: number;
  readonly #momentum: number;

  constructor(
    engine: Engine,
    { learningRate, momentum }: OptimizerSpec,
    parameters: ReadonlyMap<string, Variable>,
  ) {
    this.#engine = engine;
    this.#learningRate = learningRate;
    this.#momentum = momentum;
    if (momentum === 0) return;
    for (const [name, parameter] of parameters) {
      this.velocities.set(name, tf.variable(tf.zeros(parameter.shape), false));
    }
  }

  /** Updates one parameter; call in a tidy scope. */
  update(name: string, parameter: Variable, gradient: Tensor): void {
    const velocity = this.velocities.get(name);
    let direction = gradient;
    if (velocity !== undefined) {
      velocity.assign(tf.add(tf.mul(velocity, this.#momentum), gradient));
      direction = velocity;
    }
    this.#engine.descend(parameter, direction, this.#learningRate);
  }
}
