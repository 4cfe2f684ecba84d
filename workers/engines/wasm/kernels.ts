import { tf } from '../../tf.js';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { CompiledKernels } from './compiled-kernels.js';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from './conv2d.js';
import { backend } from './heap.js';
import { matMul } from './matmul.js';
import { maxPoolGradient } from './max-pool.js';

/** Registers this engine's own kernels in place of the backend's slow or missing ones. */
export function registerKernels(kernels: CompiledKernels): void {
  replace(tf.Conv2D, ({ inputs, attrs }) =>
    conv2d(kernels, inputs.x!, inputs.filter!, attrs as never),
  );
  replace(tf.Conv2DBackpropInput, ({ inputs, attrs }) =>
    conv2dInputGradient(kernels, inputs.dy!, inputs.filter!, attrs as never),
  );
  replace(tf.Conv2DBackpropFilter, ({ inputs, attrs }) =>
    conv2dFilterGradient(kernels, inputs.x!, inputs.dy!, attrs as never),
  );
  replace(tf.MaxPoolGrad, ({ inputs, attrs }) =>
    maxPoolGradient(kernels, inputs.dy!, inputs.input!, attrs as never),
  );
  replace(tf.Identity, ({ inputs }) => share(inputs.x!));
  const plainMatMul = tf.getKernel(tf.BatchMatMul, 'wasm').kernelFunc;
  replace(
    tf.BatchMatMul,
    ({ inputs, attrs }) =>
      matMul(kernels, inputs.a!, inputs.b!, attrs as never) ??
      plainMatMul({ inputs, attrs: attrs!, backend: backend() }),
  );
}

/** The same values under another tensor: gradients save every input, which the backend would copy. */
function share(x: TensorInfo): TensorInfo {
  backend().incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

function replace(kernelName: string, kernelFunc: KernelFunc): void {
  const registered = tf
    .getKernelsForBackend('wasm')
    .some((kernel) => kernel.kernelName === kernelName);
  if (registered) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}
