import { createRequire } from 'node:module';
import { tf } from '../../tf.js';
import type {
  KernelBackend,
  KernelFunc,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { backend } from './heap.js';

const require = createRequire(import.meta.url);

/** What the wasm backend lacks of what operations on numbers and their gradients need, or computes wrongly. */
const supplied = [
  tf.Conv3DBackpropInputV2,
  tf.Dilation2D,
  tf.Dilation2DBackpropFilter,
  tf.Dilation2DBackpropInput,
  tf.DepthwiseConv2dNativeBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropInput,
  tf.Einsum,
  tf.UnsortedSegmentSum,
];

/** Registers the kernels that the wasm backend lacks: those of TensorFlow.js's plain JavaScript. */
export function supplementKernels(): void {
  const registered = new Set(tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName));
  for (const kernelName of supplied) {
    if (registered.has(kernelName)) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: cpuKernel(kernelName) });
  }
}

/** The part of the plain backend that is used here. */
interface CpuBackend extends KernelBackend {
  firstUse: boolean;
  makeTensorInfo(shape: number[], dtype: string, values: ArrayLike<number>): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
}

/** A kernel of TensorFlow.js's plain JavaScript, on tensors of the wasm backend. */
export function cpuKernel(kernelName: string): KernelFunc {
  return ({ inputs, attrs }) => {
    const cpu = plainBackend();
    const given = mapValues(inputs, (tensor) =>
      // Copied: the heap may move.
      Object.assign(cpu.makeTensorInfo(tensor.shape, tensor.dtype, valuesOf(tensor).slice()), {
        // Some kernels ask for it.
        rank: tensor.shape.length,
      }),
    );
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu');
    const results = kernelFunc({ inputs: given, attrs: attrs!, backend: cpu });
    const taken = [results].flat().map((result) => {
      const output = backend().makeOutput(result.shape, result.dtype);
      valuesOf(output).set(cpu.readSync(result.dataId) as Float32Array);
      cpu.disposeIntermediateTensorInfo(result);
      return output;
    });
    for (const tensor of Object.values(given)) cpu.disposeIntermediateTensorInfo(tensor!);
    return Array.isArray(results) ? taken : taken[0]!;
  };
}

function plainBackend(): CpuBackend {
  // Loading it registers it, beside the one in use.
  require('@tensorflow/tfjs-backend-cpu');
  const cpu = tf.findBackend('cpu') as CpuBackend;
  // It would print that there are faster ones.
  cpu.firstUse = false;
  return cpu;
}

function valuesOf(tensor: TensorInfo): Float32Array {
  return backend().typedArrayFromHeap(tensor) as Float32Array;
}

function mapValues(
  tensors: NamedTensorInfoMap,
  change: (tensor: TensorInfo) => TensorInfo,
): NamedTensorInfoMap {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, change(tensor!)]),
  );
}
