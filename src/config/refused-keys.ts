import { spelling } from './foreign-names.js';

interface RefusedKey {
  /** `*` stands for any key. */
  readonly path: readonly string[];
  /** Why there is none, and what to do instead. */
  readonly because: string;
}

/** Keys that one might well look for where they are not; at a variant the pairing has no room for some. */
const refusedKeys: readonly RefusedKey[] = [
  {
    path: ['variants', '*', 'augmentation'],
    because:
      'all variants train on inputs that are augmented alike; set training.augmentation, and pairing.augmentation: independent for draws of their own',
  },
  ...['lr', 'learningRate', 'momentum', 'weightDecay'].flatMap((key) => {
    const because = `it belongs to the optimizer; set training.optimizer.${key === 'lr' ? 'learningRate' : key}`;
    return [[key], ['training', key]].map((path) => ({ path, because }));
  }),
  ...moved('data', ['batchSize'], ['training', 'batchSize']),
  ...['steps', 'epochs', 'optimizer', 'earlyStopping', 'augmentation', 'objective'].flatMap((key) =>
    moved('training', [key]),
  ),
  ...moved('evaluation', ['metrics'], ['training', 'metrics']),
  ...moved('network', ['layers']),
  ...moved('data', ['dataset']),
  ...[['loss'], ['lossFunction']].map((path) => ({ path, because: 'set training.objective' })),
  ...[['validationSplit'], ['data', 'validationSplit'], ['data', 'valSplit']].map((path) => ({
    path,
    because: 'for a share of the training examples set data.validation.fraction',
  })),
  ...[
    ['data', 'shuffle'],
    ['training', 'shuffle'],
  ].map((path) => ({
    path,
    because:
      'every epoch has the training examples in a new random order; data.validation.split says which ones validate',
  })),
  {
    path: ['training', 'earlyStopping', 'restoreBestWeights'],
    because: 'each variant is always evaluated at the end with its best weights',
  },
  {
    path: ['training', 'earlyStopping', 'mode'],
    because: 'the metric says whether higher or lower values are better',
  },
  ...['steps', 'epochs'].map((key) => ({
    path: ['variants', '*', key],
    because: `all variants take the same steps; set training.${key}`,
  })),
];

/** Keys that one looks for elsewhere. @param section that has the last key of each path */
function moved(section: string, ...paths: readonly (readonly string[])[]): RefusedKey[] {
  return paths.map((path) => ({ path, because: `set ${section}.${path.at(-1)!}` }));
}

interface RefusedWord {
  readonly word: string;
  /** A word that is allowed where it was tried. */
  readonly among: string;
  readonly because: string;
}

const refusedWords: readonly RefusedWord[] = [
  ...['softmax', 'logSoftmax'].flatMap((word) =>
    ['linear', 'dense'].map((among) => ({
      ...{ word, among },
      because: 'the network gives logits, of which the objective takes the softmax; leave it out',
    })),
  ),
  ...[
    ['AlphaDropout', '{kind: dropout, method: alpha}'],
    ['SpatialDropout1D', '{kind: dropout, method: spatial}'],
    ['SpatialDropout2D', '{kind: dropout, method: spatial}'],
    ['Dropout2d', '{kind: dropout, method: spatial}'],
  ].map(([word, ours]) => ({ word: word!, among: 'dropout', because: `write ${ours!}` })),
  {
    word: 'DepthwiseConv2D',
    among: 'conv2d',
    because: 'write {kind: conv2d, groups: <input channels>, filters: <a multiple of them>}',
  },
  {
    word: 'FeatureAlphaDropout',
    among: 'dropout',
    because:
      'there is no alpha dropout of whole channels; {kind: dropout, method: alpha} drops units',
  },
  ...['Input', 'InputLayer'].map((word) => ({
    ...{ word, among: 'dense' },
    because: 'the data say what shape the inputs have; leave it out',
  })),
];

/** Why a word is none of those allowed; undefined where nothing more is to be said. */
export function whyRefusedWord(word: string, allowed: readonly string[]): string | undefined {
  const refused = refusedWords.find(
    (one) => spelling(one.word) === spelling(word) && allowed.includes(one.among),
  );
  return refused?.because;
}

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
