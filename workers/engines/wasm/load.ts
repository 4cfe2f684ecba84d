import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import type { Engine } from '../engine.js';
import { LockstepError } from '../../../src/protocol/index.js';
import { statelessUniform } from '../../../src/random/uniform.js';
import { biasActivation } from './bias-activation.js';
import { allocate, valuesOf } from './heap.js';
import { registerKernels } from './kernels.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';

/** Loads the embedded engine from its npm package; nothing is fetched from anywhere else. */
export async function loadWasm(): Promise<Engine> {
  const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(file)}${sep}`);
  // One session, one thread: the backend's own threads would fight over the cores.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) {
    throw new LockstepError('worker', 'the wasm engine did not start', {
      hint: 'Run `npm ci` again; `lockstep doctor` shows what is installed.',
    });
  }
  registerKernels();
  return {
    name: 'wasm',
    describe: () => ({
      name: 'wasm',
      version: version_wasm,
      device: 'cpu',
      details: { simd: tf.env().getBool('WASM_HAS_SIMD_SUPPORT'), threads: 1 },
    }),
    statelessUniform(shape, seed) {
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      statelessUniform(values, seed);
      return tf.tensor(values, [...shape]);
    },
    softmaxCrossEntropy,
    biasActivation,
    descend,
  };
}

/**
 * One pass over the weights, into a new tensor: the backend packs a filter once for each tensor, so
 * weights changed in place would never reach its convolutions.
 */
function descend(parameter: tf.Variable, direction: tf.Tensor, learningRate: number): void {
  const updated = allocate(parameter.shape);
  const [weights, steps, result] = [parameter, direction, updated].map(valuesOf) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0; i < result.length; i += 1) result[i] = weights[i]! - learningRate * steps[i]!;
  parameter.assign(tf.engine().makeTensorFromTensorInfo(updated));
}
