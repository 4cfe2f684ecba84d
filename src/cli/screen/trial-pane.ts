import type { Colors } from '../views/lines.js';
import type { Segment } from '../views/lines.js';
import { differenceCell, differenceFormat, scoreCell, scoreFormat } from '../views/scores.js';
import { fittingColumns, headText, rowSegments, titledColumn } from '../views/table-columns.js';
import type { Column } from '../views/table-columns.js';
import { cleanText, padStart, textWidth } from '../../text/text.js';
import type { PaneOptions } from './plot-pane.js';
import { trialSpeed } from '../../live/speed.js';
import type { Measure, RunState, TrialState } from '../../live/state.js';
import { metricKind } from '../../metrics/registry.js';

const phaseWidth = 'interrupted'.length;
const maximalTitle = 12;

/**
 * The list of trials with the chosen one marked and in sight: phases, steps, speeds, and the newest values
 * of a measure with Δ (challenger - baseline). Columns that do not fit are left out, the last first.
 * @param chosen place in the list
 * @returns `rows` lines; the first names the columns
 */
export function trialPane(
  state: RunState,
  chosen: number,
  measure: Measure,
  { columns, rows, colors, now }: PaneOptions & { readonly now: number },
): Segment[][] {
  const { trials } = state;
  const shown = fittingColumns(columnsOf(state, measure, now, colors), columns - 2);
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

/** The colour of a trial's phase. */
export function phasePaint({ phase }: TrialState, colors: Colors): (text: string) => string {
  switch (phase) {
    case 'planned':
    case 'done':
    case 'dropped':
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
  { trials, variants, baseline }: RunState,
  measure: Measure,
  now: number,
  colors: Colors,
): Column<TrialState>[] {
  const kind = metricKind(measure.metric);
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
      phaseWidth,
      (trial) => ({ text: trial.phase, paint: phasePaint(trial, colors) }),
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
      const rate = trialSpeed(trial, now);
      return { text: rate === undefined ? '–' : rate.toPrecision(3) };
    }),
    ...variants.map(({ name, label }) =>
      column(label, scoreFormat(kind).width, (trial) => scoreCell(trial, measure, name, colors)),
    ),
    ...challengers.map(({ name: challenger, label }) =>
      column(challengers.length > 1 ? `Δ ${label}` : 'Δ', differenceFormat(kind).width, (trial) =>
        differenceCell(trial, measure, { challenger, baseline }, colors),
      ),
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
  cell: Column<TrialState>['cell'],
  isText = false,
): Column<TrialState> {
  return titledColumn(title, { width, most: maximalTitle, isText }, cell);
}

function widest(trials: readonly TrialState[], text: (trial: TrialState) => string | number) {
  return trials.reduce((most, trial) => Math.max(most, textWidth(String(text(trial)))), 0);
}
