import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { registerGradients } from '../model/gradients.js';
import { correctGradients } from './corrected-gradients.js';
import type { Engine } from './engine.js';

const require = createRequire(import.meta.url);

/**
 * Gradients of all of TensorFlow.js's operations, and methods of tensors for them, such as `x.add(y)`: made by
 * `scripts/bundle.ts`, as the package has them as parts that Node.js cannot load.
 */
const gradientsFile = fileURLToPath(new URL('../../bin/tensorflow-gradients.cjs', import.meta.url));

let isComplete = false;

/**
 * Gives a thread's engine what built-in networks do not need: the gradients of all operations of TensorFlow.js with
 * the kernels for them.
 */
export async function completeGradients({ name }: Engine): Promise<void> {
  if (isComplete) return;
  isComplete = true;
  require(gradientsFile);
  if (name === 'wasm') {
    const { supplementKernels } = await import('./wasm/cpu-kernels.js');
    supplementKernels();
  }
  correctGradients(name === 'wasm');
  // Where Lockstep has gradients of its own, they are kept.
  registerGradients();
}
