import { readLong } from '../read-long.js';
import { readTable } from '../source.js';
import type { ImportFormat } from './format.js';

/**
 * A table in long form as anybody may write one: columns `variant`, `seed`, a column for each metric and, if the
 * source has curves, a column `step`. Every cell of a wanted metric must be filled.
 */
export const csv: ImportFormat = {
  name: 'csv',
  matches: ({ files }) => files.length === 1 && files[0]!.name.endsWith('.csv'),
  read(source, mapping, metrics) {
    const table = readTable(source.files[0]!, mapping.delimiter);
    return readLong(table, { step: ['step'] }, mapping, metrics);
  },
};
