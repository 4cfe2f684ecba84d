import { normalized } from './normalization.js';
import type { LayerOp } from './op.js';

export const layerNorm: LayerOp<'layerNorm'> = (x, { epsilon }, { gamma, beta }) =>
  normalized(x, gamma!, beta!, { epsilon, over: 'columns' });
