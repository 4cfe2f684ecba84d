import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { tf } from '../../tf.js';
import type * as wasmBackend from '@tensorflow/tfjs-backend-wasm';
import { answer } from '../callback.js';
import { sparseConvMaxPool } from '../conv-max-pool.js';
import type { Engine } from '../engine.js';
import { LockstepError } from '../../../src/protocol/index.js';
import { statelessUniform } from '../../../src/random/uniform.js';
import { biasActivation } from './bias-activation.js';
import { addressOf, loadCompiledKernels } from './compiled-kernels.js';
import { sparseGradients } from './conv-max-pool.js';
import { registerKernels } from './kernels.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';

const require = createRequire(import.meta.url);
// Required like TensorFlow.js itself, for the same reason.
const { setWasmPaths, version_wasm } =
  require('@tensorflow/tfjs-backend-wasm') as typeof wasmBackend;

/** Loads the embedded engine from its npm package; nothing is fetched from anywhere else. */
export async function loadWasm(): Promise<Engine> {
  const file = require.resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(file)}${sep}`);
  // One session, one thread: the backend's own threads would fight over the cores.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) {
    throw new LockstepError('worker', 'the wasm engine did not start', {
      hint: 'Run `npm ci` again; `lockstep doctor` shows what is installed.',
    });
  }
  const kernels = await loadCompiledKernels();
  registerKernels(kernels);
  return {
    name: 'wasm',
    denseKernels: 'in, out',
    describe: () => ({
      name: 'wasm',
      version: version_wasm,
      device: 'cpu',
      details: {
        simd: tf.env().getBool('WASM_HAS_SIMD_SUPPORT'),
        threads: 1,
        convMaxPoolGradient: 'sparse',
      },
    }),
    statelessUniform(shape, seed) {
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      const [key0, key1] = seed.dataSync();
      statelessUniform(values, [key0!, key1!]);
      return tf.tensor(values, [...shape]);
    },
    softmaxCrossEntropy,
    convMaxPool: sparseConvMaxPool(sparseGradients(kernels)),
    biasActivation: (x, bias, activation) => biasActivation(kernels, x, bias, activation),
    updates: {},
    descend(parameter, direction, rate) {
      const [by] = rate.dataSync();
      kernels.descend(addressOf(parameter), addressOf(direction), parameter.size, by!);
    },
    compile: (_state, compute) => compute,
    callback: answer,
  };
}
