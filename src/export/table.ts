import { minibatchMetrics } from '../metrics/registry.js';
import { crossedStreams } from '../statistics/latin-square.js';
import { evaluatedQuantities, evaluationsOf } from '../run/evaluations.js';
import type { Manifest, Trial } from '../run/manifest.js';
import type { StepMeasurements } from './step-measurements.js';

/** Logical types; `json` is text that JSON.parse reads. */
export type ColumnType = 'integer' | 'real' | 'boolean' | 'text' | 'json';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

export type Cell = number | string | boolean | undefined;
/** A cell for each column, undefined where nothing was measured. */
export type Row = Readonly<Record<string, Cell>>;

export interface Table<Rows = AsyncIterable<Row> | Iterable<Row>> {
  readonly columns: readonly Column[];
  readonly rows: Rows;
}

/**
 * The columns of a run's table in long format, a row for each trial, variant and step: `run`, `trial`,
 * `seed`, `dataSeed`, `initSeed` and `dropoutSeed` where streams have seeds of their own, the swept paths, `variant`, `step`, `epoch`, `time` (ms since the Unix epoch), the scores on
 * the minibatch, the times, `learningRate` if a schedule changes it, and for each evaluated split
 * `<split>.<score>`.
 */
export function tableColumns(manifest: Manifest): Column[] {
  const integer = (name: string): Column => ({ name, type: 'integer' });
  const real = (name: string): Column => ({ name, type: 'real' });
  const evaluations = evaluationsOf(manifest);
  const metrics = new Set(evaluations.flatMap(minibatchMetrics));
  return [
    { name: 'run', type: 'text' },
    ...['trial', 'seed'].map(integer),
    ...(manifest.variance ? crossedStreams.map((stream) => integer(`${stream}Seed`)) : []),
    ...pointColumns(manifest.trials),
    { name: 'variant', type: 'text' },
    ...['step', 'epoch', 'time'].map(integer),
    ...[...metrics, 'trainMs', 'evalMs'].map(real),
    ...(hasSchedules(manifest) ? [real('learningRate')] : []),
    ...evaluatedQuantities(evaluations).map(real),
  ];
}

/** Whether an optimizer has a schedule, at any point. */
function hasSchedules({ config, trials }: Manifest): boolean {
  const optimizers = Object.values(config.variants).map(({ optimizer }) => optimizer);
  const points = trials.map(({ point }) => point);
  return /\bschedule\b/.test(JSON.stringify([config.training, optimizers, points]));
}

/** Makes the rows of a trial; their common cells are made once. */
export function rowMaker(
  { runId, trials }: Manifest,
  { index, seed, streams, point }: Trial,
): (measurements: StepMeasurements) => Row {
  const ofStreams = Object.entries(streams ?? {}).map(([stream, own]) => [`${stream}Seed`, own]);
  const common: Row = {
    ...{ run: runId, trial: index, seed },
    ...(Object.fromEntries(ofStreams) as Row),
    ...pointCells(pointColumns(trials), point),
  };
  return ({ variant, step, epoch, time, scores, trainMs, evalMs, learningRate, splits }) => ({
    ...common,
    variant,
    step,
    epoch,
    time,
    ...scores,
    trainMs,
    evalMs,
    ...(learningRate !== undefined && { learningRate }),
    ...Object.fromEntries(
      Object.entries(splits).flatMap(([split, own]) =>
        Object.entries(own).map(([name, value]) => [`${split}.${name}`, value]),
      ),
    ),
  });
}

/** Swept paths, each typed by all of its values. */
export function pointColumns(trials: readonly Pick<Trial, 'point'>[]): Column[] {
  const names = new Set(trials.flatMap(({ point }) => Object.keys(point)));
  return [...names].map((name) => {
    // A point that does not set a path has an empty cell.
    const set = trials.filter(({ point }) => name in point);
    const types = new Set(set.map(({ point }) => typeof point[name]));
    const [type] = types.size === 1 ? types : [];
    if (type === 'number') return { name, type: 'real' };
    if (type === 'string') return { name, type: 'text' };
    return { name, type: type === 'boolean' ? 'boolean' : 'json' };
  });
}

/** A point's values in the columns of the swept paths. */
export function pointCells(columns: readonly Column[], point: Trial['point']): Row {
  return Object.fromEntries(
    columns.map(({ name, type }) => [
      name,
      type === 'json' ? JSON.stringify(point[name]) : (point[name] as Cell),
    ]),
  );
}
