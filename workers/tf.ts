/**
 * TensorFlow.js, one for each thread. Required and not imported: Node.js reads all of a CommonJS package
 * for the names it exports before it imports it, which takes longer here than to run it.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
import tf = require('@tensorflow/tfjs-core');

export { tf };
