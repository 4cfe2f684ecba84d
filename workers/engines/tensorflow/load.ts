import { tf } from '../../tf.js';
import type { EngineDescription } from '../../../src/protocol/index.js';
import { convMaxPool, sparseConvMaxPool } from '../conv-max-pool.js';
import type { Engine } from '../engine.js';
import { registerGradients } from '../../model/gradients.js';
import { biasActivation } from './bias-activation.js';
import { requireNativePackage, type Binding, type NativeBackend } from './binding.js';
import { hasSparseGradient, sparseGradients } from './conv-max-pool.js';
import { Compiler } from './compile.js';
import { registerKernels } from './kernels.js';
import { hasFastPooling } from './max-pool.js';
import { Operations } from './operations.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';
import { chooseUniform } from './uniform.js';
import { chooseUpdates } from './updates.js';
import { warmUpUnpatched } from './warm-up.js';

/** Loads the native engine that `lockstep setup` put in place into this thread. */
export async function loadTensorflow(): Promise<Engine> {
  requireNativePackage();
  // The package registered its own gradients, which are slower or missing.
  registerGradients();
  await tf.setBackend('tensorflow');
  const backend = tf.backend() as NativeBackend;
  const ops = new Operations(backend);
  warmUpUnpatched(ops);
  const fastPooling = hasFastPooling(ops);
  registerKernels(ops, fastPooling);
  const sparseGradient = fastPooling && hasSparseGradient(ops);
  const compiler = new Compiler(ops, backend);
  const updates = chooseUpdates(ops);
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS) || 1;
  return {
    name: 'tensorflow',
    // Rows of `in, out` are often a multiple of 4 KiB apart and evict each other from the cache.
    denseKernels: 'out, in',
    describe: () => describe(ops, { sparseGradient, updates }),
    convMaxPool: sparseGradient ? sparseConvMaxPool(sparseGradients(ops, threads)) : convMaxPool,
    statelessUniform: chooseUniform(ops),
    softmaxCrossEntropy: (logits, labels) => softmaxCrossEntropy(ops, logits, labels),
    biasActivation: (x, bias, activation) => biasActivation(ops, x, bias, activation),
    updates,
    descend(parameter, direction, rate) {
      parameter.assign(tf.tidy(() => tf.sub(parameter, tf.mul(direction, rate))));
    },
    compile: (state, compute) => compiler.compile(state, compute),
    callback: (tensors, compute) => compiler.callback(tensors, compute),
  };
}

function describe(
  { binding }: Operations,
  { sparseGradient, updates }: { sparseGradient: boolean; updates: Engine['updates'] },
): EngineDescription {
  return {
    name: 'tensorflow',
    version: binding.TF_Version,
    device: binding.isUsingGpuDevice() ? 'gpu' : 'cpu',
    // Summing in another order changes the last digits.
    details: {
      convMaxPoolGradient: sparseGradient ? 'sparse' : 'dense',
      steps: stepsOf(binding),
      updates: updates.sgd === undefined ? 'operations' : 'one pass',
    },
  };
}

/** How steps are run, which decides where TensorFlow fuses operations. */
function stepsOf(binding: Binding): string {
  if (binding.prepareGraph === undefined) return 'operations';
  return binding.isUsingGpuDevice() ? 'functions' : 'graphs';
}
