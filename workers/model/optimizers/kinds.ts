/** What computes each kind of optimizer: adding one takes its file and a line here. */
export { sgd } from './sgd.js';
