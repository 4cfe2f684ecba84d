import { epochPermutation } from '../sampler.js';
import type { SplitKind } from './split.js';

export const random: SplitKind = {
  name: 'random',
  description: 'a random choice that the seed decides',
  choose: ({ count }, size, seed) => epochPermutation(seed, 0, count).subarray(0, size).sort(),
};
