import { stepsPerSecond } from '../../live/speed.js';
import type { RunState, TrialState } from '../../live/state.js';
import { metricKind } from '../../metrics/registry.js';
import { count } from '../../text/numbers.js';
import { progressBar } from './lines.js';
import type { Colors, Line } from './lines.js';
import {
  differenceCell,
  differenceFormat,
  minibatchMeasures,
  scoreCell,
  scoreFormat,
} from './scores.js';
import { fittingColumns, headText, rowSegments, titledColumn } from './table-columns.js';
import type { Column } from './table-columns.js';

const maximalTitle = 16;

/**
 * The live view of trials that run at the same time: how far the run is, and a line for each trial
 * under way with its steps, speed, newest scores and Δ (challenger - baseline); the last columns are
 * left out where they do not fit.
 * @param steps planned for a trial
 */
export function trialTable(
  state: RunState,
  steps: number,
  columns: number,
  colors: Colors,
): Line[] {
  const shown = fittingColumns(tableColumns(state, steps, colors), columns);
  const running = state.trials.filter(({ phase }) => phase === 'running');
  return [
    { segments: runProgress(state, running, steps, columns, colors), rank: 0 },
    { segments: [{ text: headText(shown), paint: colors.dim }], rank: 4 },
    ...running.map((trial) => ({ segments: rowSegments(trial, shown), rank: 1 })),
  ];
}

/** Trials that need no more work, and how many there are, those left out that a race has dropped. */
export function settledTrials({ trials }: RunState): { settled: number; all: number } {
  const kept = trials.filter(({ phase }) => phase !== 'dropped');
  return { settled: kept.filter(({ isSettled }) => isSettled).length, all: kept.length };
}

function runProgress(
  state: RunState,
  running: readonly TrialState[],
  steps: number,
  columns: number,
  colors: Colors,
) {
  const { settled, all } = settledTrials(state);
  const begun = running.reduce((sum, trial) => sum + trial.step, 0);
  const done = steps > 0 ? (settled * steps + begun) / (all * steps) : settled / all;
  return progressBar(done, `${settled} of ${count(all, 'trial')}`, columns, colors);
}

function tableColumns(state: RunState, steps: number, colors: Colors): Column<TrialState>[] {
  const { trials, seeds, variants, baseline } = state;
  const stepWidth = String(steps).length;
  const challengers = variants.filter(({ name }) => name !== baseline);
  return [
    ...(trials.length > seeds.length
      ? [textColumn('trial', trials.length, ({ index }) => String(index))]
      : []),
    textColumn('seed', Math.max(...seeds), ({ seed }) => String(seed)),
    textColumn('step', `${steps}/${steps}`, ({ step, steps: own = steps }) => {
      return `${String(step).padStart(stepWidth)}/${own}`;
    }),
    textColumn('steps/s', 9_999.99, (trial) => stepsPerSecond(trial)?.toFixed(2) ?? '–'),
    ...minibatchMeasures(state).flatMap((measure, at) => {
      const kind = metricKind(measure.metric);
      return [
        ...variants.map(({ name, label }) =>
          column(`${label} ${kind.name}`, scoreFormat(kind).width, (trial) =>
            scoreCell(trial, measure, name, colors),
          ),
        ),
        ...challengers.map(({ name: challenger, label }) => {
          const of = [...(challengers.length > 1 ? [label] : []), ...(at > 0 ? [kind.name] : [])];
          const title = `Δ ${of.join(' ') || kind.name}`;
          return column(title, differenceFormat(kind).width, (trial) =>
            differenceCell(trial, measure, { challenger, baseline }, colors),
          );
        }),
      ];
    }),
  ];
}

function textColumn(title: string, widest: string | number, text: (trial: TrialState) => string) {
  return column(title, String(widest).length, (trial) => ({ text: text(trial) }));
}

function column(
  title: string,
  width: number,
  cell: Column<TrialState>['cell'],
): Column<TrialState> {
  return titledColumn(title, { width, most: maximalTitle }, cell);
}
