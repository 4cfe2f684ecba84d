import { convolve } from './convolution.js';
import type { LayerOp } from './op.js';

export const conv2d: LayerOp<'conv2d'> = (x, spec, own, { engine }) =>
  engine.biasActivation(convolve(x, own.kernel!, spec), own.bias, spec.activation);
