/** Every kind of objective there is: adding one takes its file and a line here. */
export { huber } from './huber.js';
export { meanAbsoluteError } from './mean-absolute-error.js';
export { meanSquaredError } from './mean-squared-error.js';
export { sigmoidCrossEntropy } from './sigmoid-cross-entropy.js';
export { softmaxCrossEntropy } from './softmax-cross-entropy.js';
