import { readLong } from '../read-long.js';
import { headerOf, readTable } from '../source.js';
import type { ImportFormat } from './format.js';

/**
 * Trials of Optuna: `study.trials_dataframe().to_csv()`, with the columns `number`, `value` (or `values_*` of several
 * objectives), `params_*`, `user_attrs_*` and `state`. Source: optuna/study/_dataframe.py.
 */
export const optuna: ImportFormat = {
  name: 'optuna',
  matches({ files }, { delimiter }) {
    const header = files.length === 1 ? headerOf(files[0]!, delimiter) : [];
    return (
      header.includes('number') &&
      header.includes('state') &&
      header.some((name) => /^(value|values_.+)$/.test(name))
    );
  },
  read(source, mapping, metrics) {
    const form = { prefixes: ['user_attrs_', 'params_', 'values_'], state: ['state'] };
    return readLong(readTable(source.files[0]!, mapping.delimiter), form, mapping, metrics);
  },
};
