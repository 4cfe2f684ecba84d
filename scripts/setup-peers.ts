/**
 * Installs TensorFlow, PyTorch and JAX for `npm run bench:peers` and the PyTorch example: `npm run setup:peers`.
 * Prints the Python that has them.
 */
import { installPeers } from './peers.js';

process.stdout.write(`${await installPeers()}\n`);
