import { map, oneOf } from '../../schema/fields.js';

/** What a configuration says of CIFAR-100's files, under `data.cifar100`. */
export const cifar100Settings = map({
  labels: oneOf(['fine', 'coarse'])
    .default('fine')
    .describe('Which classes: the 100 fine ones, or the 20 coarse ones.'),
}).describe("What to take of CIFAR-100's files.");
