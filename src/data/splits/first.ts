import type { SplitKind } from './split.js';

export const first: SplitKind = {
  name: 'first',
  description: 'the first examples, in the order of the files',
  advice: 'are the data sorted by class? Set data.validation.split to stratified.',
  choose: (_, size) => Int32Array.from({ length: size }, (_, position) => position),
};
