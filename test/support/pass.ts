import type { Tensor } from '@tensorflow/tfjs-core';
import type { Engine } from '../../workers/engines/engine.js';
import type { LayerTraining, Pass } from '../../workers/model/layers/op.js';

/** A pass of one layer that has no layers inside it; of inference, unless it trains. */
export function passOf(engine: Engine, inputs: Tensor, training?: LayerTraining): Pass {
  return { engine, inputs, training, inner: (x) => x };
}
