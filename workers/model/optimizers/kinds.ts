/** What computes each kind of optimizer: adding one takes its file and a line here. */
export { adam } from './adam.js';
export { sgd } from './sgd.js';
