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
    const { weightDecay = 0 } = this.#spec;
    return [
      tf.scalar(rate?.(step, learningRate, this.#spec) ?? learningRate),
      tf.scalar(learningRate * weightDecay),
    ];
  }

  /**
   * Updates parameters: gradients are clipped, then decayed, then the kind of optimizer has them. Call in a
   * tidy scope.
   * @param gradients by name of the parameter, all of the network's: they are clipped together
   */
  update(gradients: ReadonlyMap<string, Tensor>, [rate, decay]: Rates): void {
    const own = this.#engine.updates[this.#spec.kind] as UpdateOf | undefined;
    for (const [name, clipped] of clipGradients(gradients, this.#spec)) {
      const parameter = this.#parameters.get(name)!;
      const gradient = this.#decay(parameter, clipped, decay);
      const slots = this.#slots.get(name) ?? {};
      const update = { parameter, gradient, slots, rate };
      if (own === undefined) this.#op.update(update, this.#spec, this.#engine);
      else own(update, this.#spec);
    }
  }

  get #op(): OptimizerOp<OptimizerSpec['kind']> {
    return opOf[this.#spec.kind] as OptimizerOp<OptimizerSpec['kind']>;
  }

  /** Weight decay, by way of the gradient or of the parameter itself. */
  #decay(parameter: Variable, gradient: Tensor, rate: Scalar): Tensor {
    const { weightDecay = 0 } = this.#spec;
    if (weightDecay === 0) return gradient;
    if (!this.#decouplesDecay) return tf.add(gradient, tf.mul(parameter, weightDecay));
    this.#engine.descend(parameter, parameter, rate);
    return gradient;
  }
}

type UpdateOf = (update: Update, spec: OptimizerSpec) => void;

/** The numbers of a step: the optimizer's own, and how much decoupled weight decay takes of each parameter. */
export type Rates = readonly [rate: Scalar, decay: Scalar];
