import { tf } from '../tf.js';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import type { NetworkPlan } from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import * as ops from './optimizers/kinds.js';
import type { OptimizerOp } from './optimizers/op.js';

const opOf: { readonly [Kind in OptimizerSpec['kind']]: OptimizerOp<Kind> } = ops;

/** Updates parameters, and keeps what it needs for that from step to step. */
export class Optimizer {
  /** What it keeps, by the names in checkpoints. */
  readonly variables = new Map<string, Variable>();
  readonly #engine: Engine;
  readonly #spec: OptimizerSpec;
  /** By parameter, then by role. */
  readonly #slots = new Map<string, Record<string, Variable>>();

  /** @param parameters by name, in the engine's layout, which what is kept for them has, too */
  constructor(
    engine: Engine,
    { spec, slots }: NetworkPlan['optimizer'],
    parameters: ReadonlyMap<string, Variable>,
  ) {
    this.#engine = engine;
    this.#spec = spec as OptimizerSpec;
    for (const { name, role, parameter } of slots) {
      const variable = tf.variable(tf.zeros(parameters.get(parameter)!.shape), false);
      this.variables.set(name, variable);
      this.#slots.set(parameter, { ...this.#slots.get(parameter), [role]: variable });
    }
  }

  /**
   * Updates one parameter; call in a tidy scope.
   * @param step counted from 1
   */
  update(name: string, parameter: Variable, gradient: Tensor, step: number): void {
    const slots = this.#slots.get(name) ?? {};
    const { learningRate } = this.#spec;
    const op = opOf[this.#spec.kind] as OptimizerOp<OptimizerSpec['kind']>;
    op({ parameter, gradient, slots, step, learningRate }, this.#spec, this.#engine);
  }
}
