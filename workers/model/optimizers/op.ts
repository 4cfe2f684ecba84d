import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../src/model/optimizers.js';
import type { Engine } from '../../engines/engine.js';

/** What updates one parameter at one step. */
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
 * Computes a kind of optimizer; what the kind is stands in `src/model/optimizers`, in a file of the
 * same name. Called in a tidy scope.
 */
export type OptimizerOp<Kind extends OptimizerSpec['kind']> = (
  update: Update,
  spec: Extract<OptimizerSpec, { readonly kind: Kind }>,
  engine: Engine,
) => void;
