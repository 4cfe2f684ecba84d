import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../src/model/optimizers.js';
import type { Engine } from '../../engines/engine.js';

/** The inputs of one parameter's update at one step. */
export interface Update {
  readonly parameter: Variable;
  readonly gradient: Tensor;
  /** The tensors kept for the parameter, by role, for instance `momentum`. */
  readonly slots: Readonly<Record<string, Variable>>;
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * Computes a kind of optimizer, which the file of the same name in `src/model/optimizers` describes.
 * Called in a tidy scope.
 */
export type OptimizerOp<Kind extends OptimizerSpec['kind']> = (
  update: Update,
  spec: Extract<OptimizerSpec, { readonly kind: Kind }>,
  engine: Engine,
) => void;
