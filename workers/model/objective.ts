import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { ObjectiveSpec } from '../../src/model/objectives.js';
import type { NetworkPlan } from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import * as ops from './objectives/kinds.js';
import type { ObjectiveOp } from './objectives/op.js';

const opOf: { readonly [Kind in ObjectiveSpec['kind']]: ObjectiveOp<Kind> } = ops;

/** The mean over the examples of what is minimized, differentiable with respect to the outputs. */
export type Objective = (outputs: Tensor2D, targets: Tensor) => Scalar;

export function buildObjective(engine: Engine, { spec }: NetworkPlan['objective']): Objective {
  const settings = spec as ObjectiveSpec;
  const op = opOf[settings.kind] as ObjectiveOp<ObjectiveSpec['kind']>;
  return (outputs, targets) => op(outputs, targets, settings, engine);
}
