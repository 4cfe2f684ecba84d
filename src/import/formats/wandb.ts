import { LockstepError } from '../../protocol/index.js';
import { orList } from '../../schema/fields.js';
import { namedPoint, readLong } from '../read-long.js';
import { readRunName } from '../run-names.js';
import { gapsOf, readNumber, readWhole } from '../sample.js';
import type { Sample, SampledRun, Samples } from '../sample.js';
import { headerOf, readTable } from '../source.js';
import type { Table } from '../source.js';
import type { ImportFormat, Mapping } from './format.js';

/** Between the name of a run and a metric in the columns of a panel. */
const separator = ' - ';
const extremes = /__(MIN|MAX)$/;

/**
 * What Weights & Biases exports: the table of runs (`Name`, `State`, …, configuration and summary by their names), or
 * a line plot, with a column `<run> - <metric>` for every run, and its `__MIN` and `__MAX`, over that of the x axis.
 * Source: columns as shown in github.com/wandb/wandb, issues 5349 and 6474.
 */
export const wandb: ImportFormat = {
  name: 'wandb',
  matches({ files }, { delimiter }) {
    const header = files.length === 1 ? headerOf(files[0]!, delimiter) : [];
    return isPlot(header) || ['Name', 'State', 'Runtime'].every((name) => header.includes(name));
  },
  read(source, mapping, metrics) {
    const table = readTable(source.files[0]!, mapping.delimiter);
    if (isPlot(table.header)) return readPlot(table, mapping, metrics);
    return readLong(table, { runName: ['Name'], state: ['State'] }, mapping, metrics);
  },
};

function isPlot(header: readonly string[]): boolean {
  return header.some((name) => name.includes(separator) && extremes.test(name));
}

/** A column for every run; cells stay empty at steps at which a run logged nothing. */
function readPlot(table: Table, mapping: Mapping, metrics: readonly string[]): Samples {
  const { path, header, rows } = table;
  const columns = header.flatMap((name, column) => {
    const at = name.lastIndexOf(separator);
    if (column === 0 || at < 0 || extremes.test(name)) return [];
    return [{ column, run: name.slice(0, at), metric: name.slice(at + separator.length) }];
  });
  const wanted = columns.filter(({ metric }) => metrics.includes(metric));
  const plotted = new Set(columns.map(({ metric }) => metric).filter((name) => name !== '_step'));
  const absent = metrics.find((metric) => !wanted.some((column) => column.metric === metric));
  if (absent !== undefined) {
    throw new LockstepError(
      'data',
      `${path}:1: expected a column "<run>${separator}${absent}", got those of ${orList([...plotted])}`,
      {
        hint: 'Name the metric of the plot with --metric; a plot of several is exported with all of them.',
      },
    );
  }
  const runs = new Map<string, SampledRun>();
  for (const { run, column } of columns) {
    if (runs.has(run)) continue;
    const place = `${path}:1, column ${header[column]!}`;
    const { variant, seed, point } = readRunName(run, mapping.runName, place);
    const counted = readWhole(seed, place, 'the seed');
    runs.set(run, { place, variant, seed: counted, point: namedPoint(point) });
  }
  const samples = wanted.flatMap(({ column, run, metric }) =>
    rows.flatMap(({ fields, line }): Sample[] => {
      const place = `${path}:${line}, column ${header[column]!}`;
      const value = readNumber(fields[column]!, place);
      if (value === undefined) return [];
      const axis = `${path}:${line}, column ${header[0]!}`;
      const step = readWhole(fields[0]!, axis, 'the step');
      return [{ ...runs.get(run)!, metric, place, value, step }];
    }),
  );
  return { samples, gaps: gapsOf([...runs.values()], metrics, samples) };
}
