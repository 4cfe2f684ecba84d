import { tf } from '../../tf.js';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { CompiledKernels } from './compiled-kernels.js';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from './conv2d.js';
import { cpuKernel } from './cpu-kernels.js';
import { backend } from './heap.js';
import { matMul } from './matmul.js';
import { maxPoolGradient } from './max-pool.js';

/**
 * Registers this engine's own kernels in place of the backend's slow or missing ones, for what built-in networks do;
 * for anything else the backend's stay.
 */
export function registerKernels(kernels: CompiledKernels): void {
  replace(tf.Conv2D, ({ inputs, attrs }) =>
    isPlainWindow(attrs) ? conv2d(kernels, inputs.x!, inputs.filter!, attrs as never) : undefined,
  );
  replace(tf.Conv2DBackpropInput, ({ inputs, attrs }) =>
    isPlainWindow(attrs)
      ? conv2dInputGradient(kernels, inputs.dy!, inputs.filter!, attrs as never)
      : undefined,
  );
  replace(tf.Conv2DBackpropFilter, ({ inputs, attrs }) =>
    isPlainWindow(attrs)
      ? conv2dFilterGradient(kernels, inputs.x!, inputs.dy!, attrs as never)
      : undefined,
  );
  tf.unregisterKernel(tf.MaxPoolGrad, 'wasm');
  replace(tf.MaxPoolGrad, ({ inputs, attrs }) =>
    isPlainWindow(attrs)
      ? maxPoolGradient(kernels, inputs.dy!, inputs.input!, attrs as never)
      : undefined,
  );
  // The backend's, and its gradient, are wrong where images are padded by numbers.
  const plainMaxPool = tf.getKernel(tf.MaxPool, 'wasm').kernelFunc;
  tf.unregisterKernel(tf.MaxPool, 'wasm');
  replace(tf.MaxPool, (call) =>
    isPlainWindow(call.attrs) ? (plainMaxPool(call) as TensorInfo) : undefined,
  );
  replace(tf.Identity, ({ inputs }) => share(inputs.x!));
  replace(tf.BatchMatMul, ({ inputs, attrs }) =>
    matMul(kernels, inputs.a!, inputs.b!, attrs as never),
  );
}

/** The same values under another tensor: gradients save every input, which the backend would copy. */
function share(x: TensorInfo): TensorInfo {
  backend().incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** @param own gives nothing where it does not fit */
function replace(
  kernelName: string,
  own: (call: Parameters<KernelFunc>[0] & { inputs: Inputs }) => TensorInfo | undefined,
): void {
  const plain = tf
    .getKernelsForBackend('wasm')
    .find((kernel) => kernel.kernelName === kernelName)?.kernelFunc;
  if (plain !== undefined) tf.unregisterKernel(kernelName, 'wasm');
  const other = plain ?? cpuKernel(kernelName);
  const kernelFunc: KernelFunc = (call) =>
    own(call as Parameters<typeof own>[0]) ?? other({ ...call, backend: backend() });
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}

type Inputs = Readonly<Record<string, TensorInfo>>;

/** Whether a window moves as Lockstep's layers have it: without dilations, padded by name, channels last. */
function isPlainWindow(attributes: unknown): boolean {
  const { pad, dilations, dataFormat } = attributes as {
    readonly pad: unknown;
    readonly dilations?: number | readonly number[];
    readonly dataFormat?: string;
  };
  return (
    (pad === 'same' || pad === 'valid') &&
    [dilations ?? 1].flat().every((distance) => distance === 1) &&
    (dataFormat ?? 'NHWC') === 'NHWC'
  );
}
