import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { Activation } from '../../src/model/activations.js';
import type { SpecOf } from '../../src/model/layers.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import type { EngineDescription, EngineName, TensorData } from '../../src/protocol/index.js';

/** Axes of a dense layer's kernel in memory; a checkpoint has `in, out` whatever the engine. */
export type DenseKernels = 'in, out' | 'out, in';

/** A convolution whose output is max pooled. */
export interface ConvMaxPool {
  readonly conv: Pick<SpecOf<'conv2d'>, 'filters' | 'kernelSize' | 'strides' | 'padding'>;
  readonly pool: Omit<SpecOf<'maxPool'>, 'kind'>;
  /** Whether the input is the network's, whose gradient nobody needs. */
  readonly first: boolean;
}

/**
 * A TensorFlow.js backend with the kernels that make training fast, plus the few operations
 * TensorFlow.js has no name for. The model is written once, over TensorFlow.js operations and this
 * interface; an engine registers its own kernels for those `workers/model/gradients.ts` names.
 */
export interface Engine {
  readonly name: EngineName;
  /** How this engine keeps the kernels of dense layers: the layout with the faster products. */
  readonly denseKernels: DenseKernels;
  describe(): EngineDescription;
  /**
   * `tf.raw_ops.StatelessRandomUniform(shape, seed, dtype=float32)`: Philox 4x32-10, values in
   * [0, 1), bit for bit the same on every engine.
   * @param seed `[2]` int32
   */
  statelessUniform(shape: readonly number[], seed: Tensor1D): Tensor;
  /**
   * Mean softmax cross-entropy, differentiable with respect to the logits.
   * @param logits `[batch, classes]` float32
   * @param labels `[batch]` int32 in `[0, classes)`
   */
  softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar;
  /**
   * Max pooling of a convolution without bias, differentiable with respect to the kernel and, unless it
   * is the first, to `x`. Of equal maxima in a window the first, row by row, gets the gradient.
   * @param x `[batch, height, width, in]` float32
   * @param kernel `[height, width, in, out]` float32
   */
  convMaxPool(x: Tensor4D, kernel: Tensor4D, layers: ConvMaxPool): Tensor4D;
  /**
   * `activation(x + bias)`, elementwise, differentiable with respect to both.
   * @param x `[..., channels]` float32
   * @param bias `[channels]` float32; undefined: none is added
   */
  biasActivation(x: Tensor, bias: Tensor | undefined, activation: Activation): Tensor;
  /** The updates that this engine computes in one pass over memory, of all parameters at once. */
  readonly updates: Partial<Updates>;
  /** `parameter -= rate * direction`, of the same shape. */
  descend(parameter: Variable, direction: Tensor, rate: Scalar): void;
  /**
   * Prepares a computation that is to be done many times. What differs from time to time is in its inputs and in the
   * state: any other value is kept from the first time. Engines that gain nothing give it back.
   * @param state all variables that it reads or assigns
   */
  compile(state: readonly Variable[], compute: Computation): Computation;
  /**
   * Computes in TypeScript from the values of tensors, also amid a prepared computation, in which it is called each
   * time.
   */
  callback(tensors: readonly Tensor[], compute: Callback): Tensor[];
}

/** The inputs of one parameter's update at one step. */
export interface Update {
  readonly parameter: Variable;
  readonly gradient: Tensor;
  /** The tensors kept for the parameter, by role, for instance `momentum`. */
  readonly slots: Readonly<Record<string, Variable>>;
  /** The one number that differs from step to step. */
  readonly rate: Scalar;
}

/**
 * By kind of optimizer: updates parameters and what is kept for them, at the same rate, in place. Called in a tidy scope,
 * last in a computation.
 * @param decay how much of itself each parameter loses first; undefined: nothing
 */
export type Updates = {
  readonly [Kind in OptimizerSpec['kind']]: (
    updates: readonly Update[],
    spec: Extract<OptimizerSpec, { readonly kind: Kind }>,
    decay: Scalar | undefined,
  ) => void;
};

/** Computes float32 values from those of float32 and int32 tensors. */
export type Callback = (values: readonly (Float32Array | Int32Array)[]) => readonly TensorData[];

/**
 * Computes tensors from tensors, and may assign variables; it reads values by {@link Engine.callback} alone. Called
 * in a tidy scope.
 */
export type Computation = (inputs: readonly Tensor[]) => Tensor[];

/** Loads the engine's native or wasm code into this thread; called once a thread. */
export type LoadEngine = () => Promise<Engine>;
