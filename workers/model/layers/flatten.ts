import { tf } from '../../tf.js';
import type { LayerOp } from './op.js';

export const flatten: LayerOp<'flatten'> = (x) => tf.reshape(x, [x.shape[0], -1]);
