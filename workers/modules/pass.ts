import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { tf } from '../tf.js';
import { streamsPerStep } from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import type { NetworkPass, TrainingPass } from '../model/layers/op.js';
import type { ForwardPass } from './variant-module.js';

/** A pass as a module sees it, with what Lockstep's own layers need of it. */
export class ModulePass implements ForwardPass {
  readonly #network: NetworkPass;

  /** @param training absent in inference */
  constructor(engine: Engine, inputs: Tensor, training: TrainingPass | undefined) {
    this.#network = { engine, inputs, training };
  }

  /** The pass that a module handed on. @throws TypeError for anything else */
  static networkOf(pass: ForwardPass): NetworkPass {
    if (pass instanceof ModulePass) return pass.#network;
    throw new TypeError('expected the pass that forward was called with, got something else');
  }

  get training(): boolean {
    return this.#network.training !== undefined;
  }

  uniform(shape: readonly number[], stream: number): Tensor {
    requireStream(stream);
    return this.#training('uniform').uniform(shape, stream);
  }

  assign(variable: Variable, value: Tensor): void {
    // A copy: the value may share the memory of a variable, which updates change.
    this.#training('assign').update(variable, tf.mul(value, 1));
  }

  #training(method: string): TrainingPass {
    const { training } = this.#network;
    if (training !== undefined) return training;
    throw new TypeError(`expected ${method} in training alone, got a call in an evaluation`);
  }
}

export function requireStream(stream: number): void {
  if (Number.isInteger(stream) && stream >= 0 && stream < streamsPerStep) return;
  throw new RangeError(`expected a stream from 0 to ${streamsPerStep - 1}, got ${stream}`);
}
