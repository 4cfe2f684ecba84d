/** Every kind of optimizer there is: adding one takes its file and a line here. */
export { adam } from './adam.js';
export { sgd } from './sgd.js';
