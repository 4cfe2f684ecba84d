/** Every kind of optimizer there is: adding one takes its file and a line here. */
export { adam } from './adam.js';
export { adamW } from './adam-w.js';
export { rmsprop } from './rmsprop.js';
export { sgd } from './sgd.js';
