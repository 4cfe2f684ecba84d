import type { LayerOp } from './op.js';

export const activation: LayerOp<'activation'> = (x, { activation }, _own, { engine }) =>
  engine.biasActivation(x, undefined, activation);
