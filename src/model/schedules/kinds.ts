/** Every kind of learning-rate schedule there is: adding one takes its file and a line here. */
export { constant } from './constant.js';
export { cosine } from './cosine.js';
export { exponential } from './exponential.js';
export { linear } from './linear.js';
export { step } from './step.js';
