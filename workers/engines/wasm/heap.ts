import { tf } from '../../tf.js';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A tensor's values, in place on the wasm heap; valid until the next allocation may grow the heap. */
export function valuesOf(tensor: TensorInfo): Float32Array {
  return backend().typedArrayFromHeap(tensor) as Float32Array;
}

/** A new float32 tensor whose values are undefined until written. */
export function allocate(shape: readonly number[]): TensorInfo {
  return backend().makeOutput([...shape], 'float32');
}

/** The tensor of memory that was allocated for it. */
export function wrap(info: TensorInfo): Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}

export function release(tensor: TensorInfo): void {
  backend().disposeData(tensor.dataId);
}

export function backend(): BackendWasm {
  // Typed by what is registered under its name; the core package knows backends in general only.
  const registered: unknown = tf.backend();
  return registered as BackendWasm;
}
