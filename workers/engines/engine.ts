import type { Tensor, Tensor1D, Tensor2D, Scalar } from '@tensorflow/tfjs-core';
import type { EngineDescription, EngineName } from '../../src/protocol/index.js';

/**
 * A TensorFlow.js backend with the kernels and gradients that make training fast, plus the few
 * operations TensorFlow.js has no name for. The model is written once, over TensorFlow.js operations
 * and this interface; an engine makes them fast by registering its own kernels.
 */
export interface Engine {
  readonly name: EngineName;
  describe(): EngineDescription;
  /**
   * `tf.raw_ops.StatelessRandomUniform(shape, seed, dtype=float32)`: Philox 4x32-10, values in
   * [0, 1), bit for bit the same on every engine.
   * @param seed two int32 values
   */
  statelessUniform(shape: readonly number[], seed: readonly [number, number]): Tensor;
  /**
   * Mean softmax cross-entropy, differentiable with respect to the logits.
   * @param logits `[batch, classes]` float32
   * @param labels `[batch]` int32 in `[0, classes)`
   */
  softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar;
}

/** Loads the engine's native or wasm code into this thread; called once a thread. */
export type LoadEngine = () => Promise<Engine>;
