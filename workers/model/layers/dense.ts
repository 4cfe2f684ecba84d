import { tf } from '../../tf.js';
import type { LayerOp } from './op.js';

export const dense: LayerOp<'dense'> = (x, { activation }, own, { engine }) => {
  const product = tf.matMul(x, own.kernel!, false, engine.denseKernels === 'out, in');
  return engine.biasActivation(product, own.bias, activation);
};
