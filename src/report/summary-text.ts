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
import { textTable } from '../text/table.js';
import { divergedText } from './headline.js';
import { filesTable } from './report-text.js';

export interface SummaryOptions {
  readonly color: boolean;
  /** Cells of a line. No line is wider, but those with a file's path, which must stay whole. */
  readonly columns: number;
  /** What the run left, by kind: paths as the user would type them. */
  readonly files?: Readonly<Record<string, string>> | undefined;
}

interface TableRow {
  readonly title: string;
  readonly cells: readonly string[];
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
  const heading = headingOf(summary).map((line) => fitText(line, columns));
  const [only] = summary.trials;
  const single = summary.trials.length === 1 && only !== undefined;
  const titles = single ? singleTitles(summary) : seedTitles(summary);
  const rows = single ? singleRows(only, summary) : seedRows(summary);
  const table = {
    caption: 'scores',
    columns: [
      { title: '', kind: 'text' as const },
      ...titles.map((title) => ({ title, kind: 'number' as const })),
    ],
    rows: rows.map(({ title, cells }) => [title, ...cells]),
  };
  const written = filesTable(files, colors.dim);
  return [
    ...heading.map((line, index) => (index === 0 ? colors.bold(line) : colors.red(line))),
    ...(rows.length > 0 ? ['', ...textTable(table, { columns, dim: colors.dim })] : []),
    ...(written.length > 0 ? [''] : []),
    ...written,
  ].join('\n');
}

function headingOf(summary: RunSummary): string[] {
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
      ...stopsOf(only),
      ...troubles(summary),
    ];
  }
  return [
    `${who}: ${completed} of ${count(trials.length, 'seed')} completed`,
    ...troubles(summary),
  ];
}

/** When early stopping ended the variants' training, in one line. */
function stopsOf({ variants }: TrialSummary): string[] {
  const stops = Object.values(variants).flatMap(({ label, stopped }) =>
    stopped ? [`${cleanText(label)} at step ${stopped.step}, best at ${stopped.bestStep}`] : [],
  );
  return stops.length === 0 ? [] : [`stopped early: ${stops.join('; ')}`];
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

function singleTitles(summary: RunSummary): string[] {
  return Object.keys(summary.labels).flatMap((name) => {
    const label = labelOf(summary.labels, name);
    return name === summary.baseline ? [label] : [label, deltaTitle(summary, name)];
  });
}

function singleRows(trial: TrialSummary, summary: RunSummary): TableRow[] {
  const row = (
    title: string,
    ofVariant: (name: string) => string,
    ofDelta: (name: string) => string = () => '',
  ): TableRow => ({
    title,
    cells: Object.keys(summary.labels).flatMap((name) =>
      name === summary.baseline ? [ofVariant(name)] : [ofVariant(name), ofDelta(name)],
    ),
  });
  const variant = (name: string) => trial.variants[name];
  const scorePlaces = placesOf([trial]).flatMap((place) =>
    scoresAt([trial], place).map((score) => ({ ...place, score })),
  );
  return [
    ...scorePlaces.map((place) =>
      row(
        scoreTitle(place),
        (name) => scoreText(place, valueOf(variant(name), place)),
        (name) => differenceText(place, valueOf(trial.delta[name], place)),
      ),
    ),
    row('training time', (name) => formatDuration(variant(name)?.trainMs ?? 0)),
    row('evaluation time', (name) => formatDuration(variant(name)?.evalMs ?? 0)),
    row('parameters', (name) => formatCount(variant(name)?.parameters ?? 0)),
  ];
}

function seedTitles(summary: RunSummary): string[] {
  return Object.keys(summary.labels).flatMap((name) => {
    const label = labelOf(summary.labels, name);
    if (name === summary.baseline) return [label];
    return [label, deltaTitle(summary, name), `${label} wins`];
  });
}

function seedRows({ scores, labels, baseline, trials }: RunSummary): TableRow[] {
  const timeRow = (title: string, time: 'trainMs' | 'evalMs'): TableRow => ({
    title,
    cells: Object.keys(labels).flatMap((name) => {
      const total = trials.reduce((sum, { variants }) => sum + (variants[name]?.[time] ?? 0), 0);
      return name === baseline ? [formatDuration(total)] : [formatDuration(total), '', ''];
    }),
  });
  return [
    ...scores.map((score) => ({
      title: scoreTitle(score),
      cells: Object.keys(labels).flatMap((name) => {
        const own = sampleText(score.variants[name], (value) => scoreText(score, value));
        const delta = score.delta[name];
        if (name === baseline || !delta) return [own];
        return [own, sampleText(delta, (value) => differenceText(score, value)), winsText(delta)];
      }),
    })),
    timeRow('training time', 'trainMs'),
    timeRow('evaluation time', 'evalMs'),
  ];
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

function winsText({ n, wins, ties }: DifferenceSample): string {
  if (n === 0) return '–';
  return `${wins} of ${n}${ties > 0 ? ` (${ties} tied)` : ''}`;
}
