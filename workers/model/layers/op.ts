import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayerSpec, SpecOf } from '../../../src/model/layers.js';
import type { Engine } from '../../engines/engine.js';

/** One pass of a minibatch through the network. */
export interface NetworkPass {
  readonly engine: Engine;
  /** The network's inputs, whose gradient nobody needs. */
  readonly inputs: Tensor;
  /** Absent in inference. */
  readonly training?: TrainingPass | undefined;
}

export interface TrainingPass {
  /** Values in [0, 1) from a random stream of this step. */
  uniform(shape: readonly number[], stream: number): Tensor;
  /** Replaces a parameter that has no gradient once those of the others are there. */
  update(parameter: Variable, value: Tensor): void;
}

/** A pass as one layer sees it. */
export interface Pass extends Omit<NetworkPass, 'training'> {
  /** Absent in inference. */
  readonly training?: LayerTraining | undefined;
  /** Runs the layers inside it, one after the other. */
  readonly inner: (x: Tensor) => Tensor;
}

export interface LayerTraining {
  /** Values in [0, 1) from the layer's random stream of this step. */
  uniform(shape: readonly number[]): Tensor;
  /** Replaces one of its parameters that is not trainable, after this pass. */
  update(role: string, value: Tensor): void;
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
  run(x: Tensor, pass: NetworkPass): Tensor;
}
