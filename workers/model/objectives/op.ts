import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { ObjectiveSpec } from '../../../src/model/objectives.js';
import type { Engine } from '../../engines/engine.js';

/** The settings of a kind of objective. */
export type ObjectiveOf<Kind extends ObjectiveSpec['kind']> = Extract<
  ObjectiveSpec,
  { readonly kind: Kind }
>;

/**
 * Computes a kind of objective, which the file of the same name in `src/model/objectives` describes: its
 * mean over the examples, differentiable with respect to the outputs.
 * @param outputs `[examples, outputs]` float32
 * @param targets `[examples]` int32 classes, or `[examples, outputs]` float32
 */
export type ObjectiveOp<Kind extends ObjectiveSpec['kind']> = (
  outputs: Tensor2D,
  targets: Tensor,
  spec: ObjectiveOf<Kind>,
  engine: Engine,
) => Scalar;
