import { parse } from 'yaml';
import { LockstepError } from '../../protocol/index.js';
import { readLong, namedPoint } from '../read-long.js';
import type { Identity } from '../read-long.js';
import { readRunName } from '../run-names.js';
import { gapsOf, readWhole } from '../sample.js';
import { folderOf, headerOf, readTable } from '../source.js';
import type { Source, SourceFile } from '../source.js';
import type { ImportFormat, Mapping } from './format.js';

/**
 * Folders of Lightning's CSVLogger: `<name>/version_<n>/metrics.csv` with the columns `epoch`, `step` and metrics,
 * each row with some of them, and `hparams.yaml` beside it. Variant and seed come from hparams.yaml, or from the path.
 * Source: lightning/fabric/loggers/csv_logs.py, `_ExperimentWriter`.
 */
export const lightning: ImportFormat = {
  name: 'lightning',
  matches({ files }, { delimiter }) {
    const metrics = files.filter(isMetrics);
    return (
      metrics.length > 0 && metrics.every((file) => headerOf(file, delimiter).includes('epoch'))
    );
  },
  read(source, mapping, metrics) {
    const files = source.files.filter(isMetrics);
    if (files.length === 0) {
      throw new LockstepError('data', `${source.path}: expected files metrics.csv, found none`, {
        hint: 'Name the folder that holds the folders of the runs, for instance lightning_logs.',
      });
    }
    const read = files.map((file) => {
      const given = identityOf(file, source, mapping);
      const table = readTable(file, mapping.delimiter);
      const form = { step: ['step'], sparse: true, given };
      const { samples } = readLong(table, form, mapping, metrics);
      return { samples, gaps: gapsOf([{ ...given, place: file.path }], metrics, samples) };
    });
    return {
      samples: read.flatMap(({ samples }) => samples),
      gaps: read.flatMap(({ gaps }) => gaps),
    };
  },
};

function isMetrics({ name }: SourceFile): boolean {
  return /(^|\/)metrics\.csv$/.test(name);
}

/** Which run a file is of: by the hyperparameters beside it or, without them or with `--run-name`, by its path. */
function identityOf(file: SourceFile, { files }: Source, mapping: Mapping): Identity {
  const folder = folderOf(file);
  const beside = files.find((one) => one.name.endsWith('hparams.yaml') && folderOf(one) === folder);
  const hyperparameters = beside === undefined ? {} : parametersOf(beside);
  const { variantColumn = 'variant', seedColumn = 'seed', pointColumns } = mapping;
  const place = beside?.path ?? file.path;
  const point = Object.fromEntries(
    pointColumns.map((name) => {
      const value = hyperparameters[name];
      if (value !== undefined) return [name, value] as const;
      throw new LockstepError('data', `${place}: expected the hyperparameter ${name}, got none`, {
        hint: 'Log it with save_hyperparameters(), or leave it out of --point-columns.',
      });
    }),
  );
  const [variant, seed] = [hyperparameters[variantColumn], hyperparameters[seedColumn]];
  if (mapping.runName === undefined && variant !== undefined && seed !== undefined) {
    const counted = readWhole(String(seed), `${place}, key ${seedColumn}`, 'the seed');
    return { variant: String(variant), seed: counted, point };
  }
  const named = readRunName(folder, mapping.runName, file.path);
  return {
    variant: named.variant,
    seed: readWhole(named.seed, file.path, 'the seed'),
    point: { ...namedPoint(named.point), ...point },
  };
}

type Scalar = string | number | boolean;

/** The plain values of hparams.yaml; objects of Python have no YAML that others read. */
function parametersOf({ content }: SourceFile): Readonly<Record<string, Scalar>> {
  let values: unknown;
  try {
    values = parse(content.toString('utf8'), { logLevel: 'silent' });
  } catch {
    return {};
  }
  if (typeof values !== 'object' || values === null) return {};
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Scalar] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}
