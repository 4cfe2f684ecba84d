import type { Tensor4D } from '@tensorflow/tfjs-core';
import { activations } from '../../src/model/activations.js';
import type { LayerSpec, SpecOf } from '../../src/model/layers.js';
import { isPlain } from './layers/convolution.js';
import type { Step } from './layers/op.js';

/**
 * Turns each convolution and the max pooling after it into one step. A monotone activation and a bias
 * per channel commute with max pooling, so pooling first gives the same numbers for a fraction of the
 * elementwise work, and the gradients need only what passed the pooling.
 */
export function fuseConvMaxPool(steps: readonly Step[]): Step[] {
  return steps.flatMap((step, index) => {
    const [before, after] = [steps[index - 1], steps[index + 1]];
    if (before !== undefined && isFusible(before.spec, step.spec)) return [];
    return after !== undefined && isFusible(step.spec, after.spec) ? [fuse(step, after)] : [step];
  });
}

function isFusible(conv: LayerSpec, pool: LayerSpec): boolean {
  return (
    conv.kind === 'conv2d' &&
    isPlain(conv) &&
    activations[conv.activation.kind].monotone &&
    pool.kind === 'maxPool'
  );
}

function fuse(convolution: Step, pooling: Step): Step {
  const { own } = convolution;
  const conv = convolution.spec as SpecOf<'conv2d'>;
  const pool = pooling.spec as SpecOf<'maxPool'>;
  return {
    ...convolution,
    run(x, { engine, inputs }) {
      const layers = { conv, pool, first: x === inputs };
      const kernel = own.kernel as unknown as Tensor4D;
      const pooled = engine.convMaxPool(x as Tensor4D, kernel, layers);
      return engine.biasActivation(pooled, own.bias, conv.activation);
    },
  };
}
