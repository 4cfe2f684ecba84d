import { loadCifar } from './cifar-records.js';
import type { DataFormat } from './format.js';

const [train, test] = [['train.bin'], ['test.bin']];

/**
 * The binary version of CIFAR-100: two label bytes before each image, the coarse and the fine one.
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
export const cifar100: DataFormat = {
  name: 'cifar100',
  files: 'train.bin, test.bin',
  recognizes: (present) => [...train, ...test].some((name) => present.has(name)),
  load: (folder, { cifar100: settings } = {}) => {
    const isCoarse = settings?.labels === 'coarse';
    return loadCifar(folder, {
      train,
      test,
      archive: 'cifar-100-binary.tar.gz',
      labels: 2,
      label: isCoarse ? 0 : 1,
      classes: isCoarse ? 20 : 100,
      hint: 'Use the binary version of CIFAR-100; CIFAR-10 has one label byte.',
    });
  },
};
