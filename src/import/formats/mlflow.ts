import { readLong } from '../read-long.js';
import { headerOf, readTable } from '../source.js';
import type { ImportFormat } from './format.js';

/**
 * Runs of MLflow: `mlflow.search_runs().to_csv()` and `mlflow experiments csv` (columns `run_id`, `metrics.*`,
 * `params.*`, `tags.*`), or what the page downloads (`Run ID`, `Name`, and parameters and metrics by their names).
 * Source: mlflow/tracking/fluent.py, `search_runs`; mlflow/server/js/src/experiment-tracking/utils/CsvUtils.
 */
export const mlflow: ImportFormat = {
  name: 'mlflow',
  matches({ files }, { delimiter }) {
    const header = files.length === 1 ? headerOf(files[0]!, delimiter) : [];
    return (
      ['run_id', 'experiment_id'].every((name) => header.includes(name)) ||
      ['Run ID', 'Source Type'].every((name) => header.includes(name))
    );
  },
  read(source, mapping, metrics) {
    const form = {
      prefixes: ['metrics.', 'params.', 'tags.'],
      runName: ['tags.mlflow.runName', 'Name'],
      state: ['status', 'Status'],
    };
    return readLong(readTable(source.files[0]!, mapping.delimiter), form, mapping, metrics);
  },
};
