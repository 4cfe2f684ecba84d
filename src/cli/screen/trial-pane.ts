import type { Colors } from '../views/lines.js';
import {
  accuracyDifferenceFormat,
  accuracyFormat,
  formatNumber,
  lossDifferenceFormat,
  lossFormat,
} from '../../text/numbers.js';
import type { Segment } from '../views/segments.js';
import { fittingColumns, headText, rowSegments, titledColumn } from '../views/table-columns.js';
import type { Column } from '../views/table-columns.js';
import { cleanText, padStart, textWidth } from '../../text/text.js';
import type { PaneOptions } from './plot-pane.js';
import { trialRate } from '../../live/screen-state.js';
import type { ScreenMetric, ScreenState, ScreenTrial } from '../../live/screen-state.js';
import { lastPoint } from '../../live/thin-curve.js';

const stateWidth = 'interrupted'.length;
const maximalTitle = 12;

/**
 * The list of trials, the chosen one marked and in sight: states, steps, rates, and the latest values
 * of a metric with Δ (challenger - baseline). Columns that do not fit are left out, the last first.
 * @param chosen place in the list
 * @returns `rows` lines; the first says what the columns are
 */
export function trialPane(
  state: ScreenState,
  chosen: number,
  metric: ScreenMetric,
  { columns, rows, colors, now }: PaneOptions & { readonly now: number },
): Segment[][] {
  const { trials } = state;
  const shown = fittingColumns(columnsOf(state, metric, now, colors), columns - 2);
  const height = rows - 1;
  const first = Math.max(0, Math.min(trials.length - height, chosen - (height >> 1)));
  const seen = trials.slice(first, first + height);
  const place =
    seen.length < trials.length ? `${first + 1}–${first + seen.length} of ${trials.length}` : '';
  const head = `  ${headText(shown)}`;
  return [
    [
      { text: head, paint: colors.dim },
      ...(textWidth(head) + 2 + place.length <= columns
        ? [{ text: padStart(place, columns - textWidth(head)), paint: colors.dim }]
        : []),
    ],
    ...seen.map((trial, at): Segment[] => [
      { text: first + at === chosen ? '› ' : '  ', paint: colors.bold },
      ...rowSegments(trial, shown),
    ]),
    ...Array.from({ length: height - seen.length }, () => []),
  ];
}

/** How a trial's state is coloured. */
export function statePaint({ state }: ScreenTrial, colors: Colors): (text: string) => string {
  switch (state) {
    case 'planned':
      return colors.dim;
    case 'running':
      return colors.cyan;
    case 'completed':
      return colors.green;
    case 'interrupted':
    case 'unfinished':
      return colors.yellow;
    case 'diverged':
    case 'failed':
      return colors.red;
  }
}

function columnsOf(
  { trials, variants, baseline }: ScreenState,
  metric: ScreenMetric,
  now: number,
  colors: Colors,
): Column<ScreenTrial>[] {
  const isLoss = metric.score === 'loss';
  const [format, differenceFormat] = isLoss
    ? [lossFormat, lossDifferenceFormat]
    : [accuracyFormat, accuracyDifferenceFormat];
  const valueOf = (trial: ScreenTrial, name: string) => {
    const curve = trial.curves[metric.key]?.[name];
    return curve && lastPoint(curve)?.value;
  };
  const challengers = variants.filter(({ name }) => name !== baseline);
  return [
    column(
      'trial',
      widest(trials, ({ index }) => index),
      ({ index }) => ({ text: String(index) }),
    ),
    column(
      'seed',
      widest(trials, ({ seed }) => seed),
      ({ seed }) => ({ text: String(seed) }),
    ),
    column(
      'state',
      stateWidth,
      (trial) => ({ text: trial.state, paint: statePaint(trial, colors) }),
      true,
    ),
    column(
      'step',
      Math.max(
        4,
        widest(trials, ({ steps = 0 }) => `${steps}/${steps}`),
      ),
      ({ step, steps }) => ({ text: steps === undefined ? '–' : `${step}/${steps}` }),
    ),
    column('steps/s', 7, (trial) => {
      const rate = trialRate(trial, now);
      return { text: rate === undefined ? '–' : rate.toPrecision(3) };
    }),
    ...variants.map(({ name, label }) =>
      column(label, format.width, (trial) => {
        const value = valueOf(trial, name);
        if (value === undefined) return { text: '–' };
        const paint = Number.isFinite(value) ? undefined : colors.red;
        return { text: formatNumber(value, format), paint };
      }),
    ),
    ...challengers.map(({ name, label }) =>
      column(challengers.length > 1 ? `Δ ${label}` : 'Δ', differenceFormat.width, (trial) => {
        const [ours, theirs] = [valueOf(trial, name), valueOf(trial, baseline)];
        if (ours === undefined || theirs === undefined) return { text: '–' };
        const gain = isLoss ? theirs - ours : ours - theirs;
        const paint = gain > 0 ? colors.green : gain < 0 ? colors.yellow : undefined;
        return { text: formatNumber(ours - theirs, differenceFormat), paint };
      }),
    ),
    ...(trials.some(({ point }) => point !== '')
      ? [
          column(
            '',
            widest(trials, ({ point }) => cleanText(point)),
            ({ point }) => ({ text: cleanText(point) }),
            true,
          ),
        ]
      : []),
  ];
}

function column(
  title: string,
  width: number,
  cell: Column<ScreenTrial>['cell'],
  isText = false,
): Column<ScreenTrial> {
  return titledColumn(title, { width, most: maximalTitle, isText }, cell);
}

function widest(trials: readonly ScreenTrial[], text: (trial: ScreenTrial) => string | number) {
  return trials.reduce((most, trial) => Math.max(most, textWidth(String(text(trial)))), 0);
}
