import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerSpec, SpecOf } from '../../../src/model/layers.js';
import type { Engine } from '../../engines/engine.js';

/** One pass of a minibatch through the network. */
export interface Pass {
  readonly engine: Engine;
  /** The network's inputs, whose gradient nobody needs. */
  readonly inputs: Tensor;
  /** Values in [0, 1) from the layer's random stream of this step; absent in inference. */
  readonly uniform?: ((shape: readonly number[]) => Tensor) | undefined;
}

/** A layer's parameters by their role, for instance `kernel`. */
export type Own = Readonly<Record<string, Tensor>>;

/**
 * Computes a kind of layer from operations that have gradients; what the kind is stands in
 * `src/model/layers`, in a file of the same name.
 * @param x `[batch, ...shape of an example]` float32
 */
export type LayerOp<Kind extends LayerSpec['kind']> = (
  x: Tensor,
  spec: SpecOf<Kind>,
  own: Own,
  pass: Pass,
) => Tensor;

/** One layer with its parameters, or several in one. */
export interface Step {
  readonly spec: LayerSpec;
  readonly own: Own;
  /** Which of a training step's random streams is the layer's. */
  readonly stream?: number | undefined;
  run(x: Tensor, pass: Pass): Tensor;
}
