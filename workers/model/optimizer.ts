import { tf } from '../tf.js';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import type { NetworkPlan } from '../../src/protocol/index.js';
import type { Engine, Update } from '../engines/engine.js';
import { clipGradients } from './clip-gradients.js';
import * as ops from './optimizers/kinds.js';
import { createVariable } from './parameters.js';
import type { OptimizerOp } from './optimizers/op.js';

const opOf: { readonly [Kind in OptimizerSpec['kind']]: OptimizerOp<Kind> } = ops;

/** Updates parameters, and keeps what it needs for that from step to step. */
export class Optimizer {
  /** What it keeps, by the names in checkpoints. */
  readonly variables = new Map<string, Variable>();
  readonly #engine: Engine;
  readonly #spec: OptimizerSpec;
  readonly #decouplesDecay: boolean;
  readonly #parameters: ReadonlyMap<string, Variable>;
  /** By parameter, then by role. */
  readonly #slots = new Map<string, Record<string, Variable>>();

  /** @param parameters by name, in the engine's layout, which what is kept for them has, too */
  constructor(
    engine: Engine,
    { spec, slots, decouplesDecay }: NetworkPlan['optimizer'],
    parameters: ReadonlyMap<string, Variable>,
  ) {
    this.#engine = engine;
    this.#spec = spec as OptimizerSpec;
    this.#decouplesDecay = decouplesDecay;
    this.#parameters = parameters;
    for (const { name, role, parameter } of slots) {
      const variable = createVariable(tf.zeros(parameters.get(parameter)!.shape), false);
      this.variables.set(name, variable);
      this.#slots.set(parameter, { ...this.#slots.get(parameter), [role]: variable });
    }
  }

  /**
   * What {@link update} takes for a step.
   * @param step counted from 1
   * @param learningRate of this step
   */
  rates(step: number, learningRate = this.#spec.learningRate): Rates {
    const { rate } = this.#op;
    return [
      tf.scalar(rate?.(step, learningRate, this.#spec) ?? learningRate),
      tf.scalar(learningRate * this.#weightDecay),
    ];
  }

  /**
   * Updates parameters: gradients are clipped, then decayed, then the kind of optimizer has them. Call in a
   * tidy scope.
   * @param gradients by name of the parameter, all of the network's: they are clipped together
   */
  update(gradients: ReadonlyMap<string, Tensor>, [rate, decay]: Rates): void {
    const own = this.#engine.updates[this.#spec.kind] as UpdateAll | undefined;
    const updates = [...clipGradients(gradients, this.#spec)].map(([name, clipped]): Update => {
      const parameter = this.#parameters.get(name)!;
      const gradient = this.#decayed(clipped, parameter);
      return { parameter, gradient, slots: this.#slots.get(name) ?? {}, rate };
    });
    if (updates.length === 0) return;
    const decays = this.#decouplesDecay && this.#weightDecay !== 0;
    if (own !== undefined) {
      own(updates, this.#spec, decays ? decay : undefined);
      return;
    }
    for (const update of updates) {
      const { parameter } = update;
      if (decays) this.#engine.descend(parameter, parameter, decay);
      this.#op.update(update, this.#spec, this.#engine);
    }
  }

  get #op(): OptimizerOp<OptimizerSpec['kind']> {
    return opOf[this.#spec.kind] as OptimizerOp<OptimizerSpec['kind']>;
  }

  get #weightDecay(): number {
    return this.#spec.weightDecay ?? 0;
  }

  /** The gradient with weight decay, where that goes by way of it. */
  #decayed(gradient: Tensor, parameter: Variable): Tensor {
    return this.#weightDecay === 0 || this.#decouplesDecay
      ? gradient
      : tf.add(gradient, tf.mul(parameter, this.#weightDecay));
  }
}

type UpdateAll = (
  updates: readonly Update[],
  spec: OptimizerSpec,
  decay: Scalar | undefined,
) => void;

/** The numbers of a step: the optimizer's own, and how much decoupled weight decay takes of each parameter. */
export type Rates = readonly [rate: Scalar, decay: Scalar];
