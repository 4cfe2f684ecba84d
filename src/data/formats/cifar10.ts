import { loadCifar } from './cifar-records.js';
import type { DataFormat } from './format.js';

const train = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
const test = ['test_batch.bin'];

/**
 * The binary version of CIFAR-10: a label byte before each image.
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
export const cifar10: DataFormat = {
  name: 'cifar10',
  files: 'data_batch_1.bin to data_batch_5.bin, test_batch.bin',
  recognizes: (present) => [...train, ...test].some((name) => present.has(name)),
  load: (folder) =>
    loadCifar(folder, {
      train,
      test,
      archive: 'cifar-10-binary.tar.gz',
      labels: 1,
      label: 0,
      classes: 10,
      hint: 'Use the binary version of CIFAR-10; CIFAR-100 has two label bytes.',
    }),
};
