import { correctedRate, descendByMoments } from './adam.js';
import type { OptimizerOp } from './op.js';

/** Loshchilov and Hutter 2019 (arXiv:1711.05101), algorithm 2: Adam; the decay has come before it. */
export const adamW: OptimizerOp<'adamW'> = { rate: correctedRate, update: descendByMoments };
