import type { LayerOp } from './op.js';

export const repeat: LayerOp<'repeat'> = (x, _spec, _own, { inner }) => inner(x);
