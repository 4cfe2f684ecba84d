import { map, whole } from '../../schema/fields.js';

/** What a configuration says of IDX files, under `data.idx`. */
export const idxSettings = map({
  label: whole(0).describe(
    'Which column of the labels is the class, from 0, where each example has several numbers: 0 of QMNIST.',
  ),
}).describe('What to take of IDX files.');
