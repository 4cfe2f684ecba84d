import picocolors from 'picocolors';
import {
  accuracyDifferenceFormat,
  accuracyFormat,
  count,
  formatCount,
  formatDuration,
  formatNumber,
  lossDifferenceFormat,
  lossFormat,
  plural,
} from '../text/numbers.js';
import { cleanText, fitText } from '../text/text.js';
import { metricKind } from '../metrics/registry.js';
import type { ScoreHistory } from '../run/measurements.js';
import { lastMeasured, placesOf, scoresAt } from '../run/places.js';
import type { Place } from '../run/places.js';
import type { DifferenceSample, RunSummary, Sample, TrialSummary } from './summary.js';
import { numberColumn, tableOf, textColumn, textTable } from '../text/table.js';
import type { ColumnOf } from '../text/table.js';
import { earlyText, rangeText } from './early-stops.js';
import type { EarlyStop } from './early-stops.js';
import { divergedText } from './headline.js';
import { filesTable } from './report-text.js';

export interface SummaryOptions {
  readonly color: boolean;
  /** Cells of a line. No line is wider, but those with a file's path, which must stay whole. */
  readonly columns: number;
  /** What the run left, by kind: paths as the user would type them. */
  readonly files?: Readonly<Record<string, string>> | undefined;
}

/** A row of the table: its title and, by variant, the cells. */
interface Row {
  readonly title: string;
  readonly own: (variant: string) => string;
  readonly delta?: (challenger: string) => string;
  readonly wins?: (challenger: string) => string;
}

/**
 * A run's outcome as a block of lines joined by `\n`: of one trial the last scores, of several
 * seeds mean ± sample standard deviation, the mean difference and the seeds the challenger won.
 */
export function renderSummary(
  summary: RunSummary,
  { color, columns, files = {} }: SummaryOptions,
): string {
  const colors = picocolors.createColors(color);
  const [title, ...faults] = headingOf(summary).map((line) => fitText(line, columns));
  const [only] = summary.trials;
  const single = summary.trials.length === 1 && only !== undefined;
  const rows = single ? singleRows(only) : seedRows(summary);
  const table = tableOf('scores', rows, [
    textColumn('', ({ title }) => title),
    ...Object.keys(summary.labels).flatMap((name) => variantColumns(name, summary, single)),
  ]);
  const written = filesTable(files, colors.dim);
  return [
    colors.bold(title),
    ...faults.map((line) => colors.red(line)),
    ...(rows.length > 0 ? ['', ...textTable(table, { columns, dim: colors.dim })] : []),
    ...(written.length > 0 ? [''] : []),
    ...written,
  ].join('\n');
}

function headingOf(summary: RunSummary): [title: string, ...faults: string[]] {
  const { trials, completed, labels, baseline } = summary;
  const challengers = Object.keys(labels).filter((name) => name !== baseline);
  const against = challengers.length > 0 ? ` against ${labelOf(labels, baseline)}` : '';
  const names = challengers.length > 0 ? challengers : Object.keys(labels);
  const who = names.map((name) => labelOf(labels, name)).join(', ') + against;
  const [only] = trials;
  if (trials.length === 1 && only) {
    const steps = only.step === only.steps ? `${only.step}` : `${only.step} of ${only.steps}`;
    return [
      `${who}: ${steps} ${plural(only.steps, 'step')}, seed ${only.seed}`,
      ...troubles(summary),
    ];
  }
  return [
    `${who}: ${completed} of ${count(trials.length, 'seed')} completed`,
    ...troubles(summary),
  ];
}

/** Which variants diverged how often, and why each trial that did not complete did not. */
function troubles(summary: RunSummary): string[] {
  const { trials, labels } = summary;
  const diverged = Object.keys(labels).flatMap((name) => {
    const times = trials.filter(({ variants }) => variants[name]?.diverged !== undefined).length;
    const label = labelOf(labels, name);
    return times > 0 ? [divergedText(label, times, trials.length, 'seed')] : [];
  });
  const others = trials
    .filter(({ outcome }) => outcome !== 'completed')
    .map(({ seed, outcome, step, reason }) => {
      const why = reason === undefined ? '' : `: ${cleanText(reason)}`;
      return `seed ${seed} ${outcome ?? 'did not end'} after step ${step}${why}`;
    });
  return [...(trials.length > 1 ? diverged : []), ...others];
}

function labelOf(labels: RunSummary['labels'], name: string): string {
  return cleanText(labels[name] ?? name);
}

/** What one column of differences is called: plain Δ while there is only one challenger. */
function deltaTitle({ labels, baseline }: RunSummary, challenger: string): string {
  const challengers = Object.keys(labels).filter((name) => name !== baseline);
  return challengers.length > 1 ? `Δ ${labelOf(labels, challenger)}` : 'Δ';
}

/** What a variant scored and, of a challenger, its differences and wins. */
function variantColumns(name: string, summary: RunSummary, single: boolean): ColumnOf<Row>[] {
  const label = labelOf(summary.labels, name);
  const own = numberColumn<Row>(label, (row) => row.own(name));
  if (name === summary.baseline) return [own];
  return [
    own,
    numberColumn(deltaTitle(summary, name), ({ delta }) => delta?.(name) ?? ''),
    ...(single ? [] : [numberColumn<Row>(`${label} wins`, ({ wins }) => wins?.(name) ?? '')]),
  ];
}

function singleRows(trial: TrialSummary): Row[] {
  const { variants, delta, steps } = trial;
  const scorePlaces = placesOf([trial]).flatMap((place) =>
    scoresAt([trial], place).map((score) => ({ ...place, score })),
  );
  return [
    ...scorePlaces.map((place) => ({
      title: scoreTitle(place),
      own: (name: string) => scoreText(place, valueOf(variants[name], place)),
      delta: (name: string) => differenceText(place, valueOf(delta[name], place)),
    })),
    ...stopRows(variants, steps),
    ...timeRows([trial]),
    { title: 'parameters', own: (name) => parametersText(variants[name]?.parameters) },
  ];
}

function parametersText(parameters: number | undefined): string {
  return parameters === undefined ? '–' : formatCount(parameters);
}

/** When each variant of a trial ended its training, with early stopping. */
function stopRows(variants: TrialSummary['variants'], planned: number): Row[] {
  if (!Object.values(variants).some(({ stopped }) => stopped !== undefined)) return [];
  const row = (title: string, textOf: (stop: EarlyStop) => string): Row => ({
    title,
    own(name) {
      const stop = variants[name]?.stopped;
      return stop === undefined ? '–' : textOf(stop);
    },
  });
  return [
    row('early stopping', ({ step, early }) =>
      early ? `at step ${formatCount(step)}` : `used all ${count(planned, 'step')}`,
    ),
    row('best step', ({ bestStep }) => formatCount(bestStep)),
  ];
}

/** The same of several seeds. */
function seedStopRows(stops: NonNullable<RunSummary['earlyStopping']>): Row[] {
  return [
    { title: 'stopped early', own: (name) => earlyText(stops[name]) },
    { title: 'last step (median)', own: (name) => rangeText(stops[name]?.lastStep) },
    { title: 'best step (median)', own: (name) => rangeText(stops[name]?.bestStep) },
  ];
}

function seedRows({ scores, trials, earlyStopping }: RunSummary): Row[] {
  return [
    ...scores.map((score) => ({
      title: scoreTitle(score),
      own: (name: string) => sampleText(score.variants[name], (value) => scoreText(score, value)),
      delta: (name: string) =>
        sampleText(score.delta[name], (value) => differenceText(score, value)),
      wins: (name: string) => winsText(score.delta[name]),
    })),
    ...(earlyStopping ? seedStopRows(earlyStopping) : []),
    ...timeRows(trials),
  ];
}

/** Of all trials together. */
function timeRows(trials: readonly TrialSummary[]): Row[] {
  const row = (title: string, time: 'trainMs' | 'evalMs'): Row => ({
    title,
    own: (name) =>
      formatDuration(trials.reduce((sum, { variants }) => sum + (variants[name]?.[time] ?? 0), 0)),
  });
  return [row('training time', 'trainMs'), row('evaluation time', 'evalMs')];
}

type ScorePlace = Place & { readonly score: string };

function valueOf(history: ScoreHistory | undefined, place: ScorePlace) {
  return history && lastMeasured(history, place)?.scores[place.score];
}

function scoreTitle({ score, split, examples }: ScorePlace): string {
  if (split === undefined || examples === undefined) return `minibatch ${score}`;
  return `${split} ${score} (${formatCount(examples)})`;
}

function scoreText({ score }: ScorePlace, value: number | undefined): string {
  if (value === undefined) return '–';
  return formatNumber(
    value,
    metricKind(score).unit === 'plain' ? lossFormat : { ...accuracyFormat, decimals: 6 },
  ).trim();
}

function differenceText({ score }: ScorePlace, value: number | undefined): string {
  if (value === undefined) return '–';
  const format =
    metricKind(score).unit === 'plain'
      ? lossDifferenceFormat
      : { ...accuracyDifferenceFormat, decimals: 6 };
  return formatNumber(value, format).trim();
}

function sampleText(sample: Sample | undefined, write: (value: number) => string): string {
  if (!sample || sample.n === 0) return '–';
  const sd = sample.n > 1 ? write(sample.sd).replace('+', '') : '–';
  return `${write(sample.mean)} ± ${sd}`;
}

function winsText(sample: DifferenceSample | undefined): string {
  if (!sample || sample.n === 0) return '–';
  const { n, wins, ties } = sample;
  return `${wins} of ${n}${ties > 0 ? ` (${ties} tied)` : ''}`;
}
