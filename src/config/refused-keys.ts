import { spelling } from './foreign-names.js';

interface RefusedKey {
  /** `*` stands for any key. */
  readonly path: readonly string[];
  /** Why there is none, and what to do instead. */
  readonly because: string;
}

/** Keys that one might well look for where they are not, most of them at a variant: the pairing has no room for those. */
const refusedKeys: readonly RefusedKey[] = [
  {
    path: ['variants', '*', 'batchSize'],
    because:
      'all variants train on the same minibatches, of data.batchSize examples; to compare batch sizes, sweep data.batchSize',
  },
  {
    path: ['variants', '*', 'augmentation'],
    because:
      'all variants train on inputs that are augmented alike; set training.augmentation, and pairing.augmentation: independent for draws of their own',
  },
  ...['lr', 'learningRate', 'momentum', 'weightDecay'].map((key) => ({
    path: ['training', key],
    because: `it belongs to the optimizer; set training.optimizer.${key === 'lr' ? 'learningRate' : key}`,
  })),
  ...['steps', 'epochs'].map((key) => ({
    path: ['variants', '*', key],
    because: `all variants take the same steps; set training.${key}`,
  })),
];

/** Why there is no such key; undefined where nothing more is to be said. */
export function whyRefused(path: readonly PropertyKey[]): string | undefined {
  return refusedKeys.find(
    (refused) =>
      refused.path.length === path.length &&
      refused.path.every(
        (key, depth) => key === '*' || spelling(key) === spelling(String(path[depth])),
      ),
  )?.because;
}
