import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../src/model/optimizers.js';
import type { Engine } from '../../engines/engine.js';

/** The inputs of one parameter's update at one step. */
export interface Update {
  readonly parameter: Variable;
  readonly gradient: Tensor;
  /** The tensors kept for the parameter, by role, for instance `momentum`. */
  readonly slots: Readonly<Record<string, Variable>>;
  /** What {@link OptimizerOp.rate} gave for this step. */
  readonly rate: Scalar;
}

/** Computes a kind of optimizer, which the file of the same name in `src/model/optimizers` describes. */
export interface OptimizerOp<Kind extends OptimizerSpec['kind']> {
  /**
   * The one number that differs from step to step; the learning rate itself if absent.
   * @param step counted from 1
   * @param learningRate of this step
   */
  readonly rate?: (step: number, learningRate: number, spec: SpecOf<Kind>) => number;
  /** Called in a tidy scope. */
  readonly update: (update: Update, spec: SpecOf<Kind>, engine: Engine) => void;
}

type SpecOf<Kind> = Extract<OptimizerSpec, { readonly kind: Kind }>;
