/** What computes each kind of layer: adding one takes its file and a line here. */
export { activation } from './activation.js';
export { avgPool } from './avg-pool.js';
export { batchNorm } from './batch-norm.js';
export { conv2d } from './conv2d.js';
export { dense } from './dense.js';
export { dropout } from './dropout.js';
export { flatten } from './flatten.js';
export { globalAvgPool } from './global-avg-pool.js';
export { layerNorm } from './layer-norm.js';
export { maxPool } from './max-pool.js';
export { repeat } from './repeat.js';
export { residual } from './residual.js';
