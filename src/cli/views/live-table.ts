import { progressBar } from './lines.js';
import type { Colors, Line } from './lines.js';
import { stepsPerSecond } from '../../live/live-state.js';
import type { LiveState, LiveTrial } from '../../live/live-state.js';
import { formatNumber, lossDifferenceFormat, lossFormat } from '../../text/numbers.js';
import { fittingColumns, headText, rowSegments, titledColumn } from './table-columns.js';
import type { Column } from './table-columns.js';

const maximalTitle = 16;

/**
 * The live view of trials that run at the same time: how far the run is, and a line for each trial
 * under way with its steps, speed, latest losses and Δ (challenger - baseline); the last columns are
 * left out where they do not fit.
 */
export function trialTable(state: LiveState, columns: number, colors: Colors): Line[] {
  const any = state.active[0] ?? state.last;
  if (any === undefined) return [];
  const shown = fittingColumns(tableColumns(state, any, colors), columns);
  return [
    { segments: runProgress(state, any.steps, columns, colors), rank: 0 },
    { segments: [{ text: headText(shown), paint: colors.dim }], rank: 4 },
    ...state.active.map((trial) => ({ segments: rowSegments(trial, shown), rank: 1 })),
  ];
}

/** Planned trials that need no more work. */
export function settledTrials({ header, ended }: LiveState): number {
  return header.finished + Object.keys(ended).length;
}

function runProgress(state: LiveState, steps: number, columns: number, colors: Colors) {
  const { trials } = state.header;
  const settled = settledTrials(state);
  const begun = state.active.reduce((sum, trial) => sum + trial.step, 0);
  const done = steps > 0 ? (settled * steps + begun) / (trials * steps) : settled / trials;
  return progressBar(done, `${settled} of ${trials} trials`, columns, colors);
}

function tableColumns({ header }: LiveState, any: LiveTrial, colors: Colors): Column<LiveTrial>[] {
  const entries = Object.entries(any.variants);
  const stepWidth = String(any.steps).length;
  const challengers = entries.filter(([name]) => name !== any.baseline);
  const sweeps = header.trials > header.seeds.length;
  return [
    ...(sweeps ? [textColumn('trial', header.trials, ({ trial }) => String(trial))] : []),
    textColumn('seed', Math.max(...header.seeds), ({ seed }) => String(seed)),
    textColumn('step', `${any.steps}/${any.steps}`, ({ step, steps }) => {
      return `${String(step).padStart(stepWidth)}/${steps}`;
    }),
    textColumn('steps/s', 9_999.99, speedText),
    ...entries.map(([name, { label }]) =>
      lossColumn(`${label} loss`, lossFormat.width, (trial) => {
        const loss = trial.variants[name]?.loss ?? NaN;
        const paint = Number.isFinite(loss) ? undefined : colors.red;
        return { text: formatNumber(loss, lossFormat), paint };
      }),
    ),
    ...challengers.map(([name, { label }]) => {
      const title = challengers.length > 1 ? `Δ ${label}` : 'Δ loss';
      return lossColumn(title, lossDifferenceFormat.width, (trial) => {
        const [own, base] = [trial.variants[name], trial.variants[trial.baseline]];
        const delta = (own?.loss ?? NaN) - (base?.loss ?? NaN);
        const paint = delta < 0 ? colors.green : delta > 0 ? colors.yellow : undefined;
        return { text: formatNumber(delta, lossDifferenceFormat), paint };
      });
    }),
  ];
}

function textColumn(
  title: string,
  widest: string | number,
  text: (trial: LiveTrial) => string,
): Column<LiveTrial> {
  const width = String(widest).length;
  return titledColumn(title, { width, most: maximalTitle }, (trial) => ({ text: text(trial) }));
}

function lossColumn(
  title: string,
  width: number,
  cell: Column<LiveTrial>['cell'],
): Column<LiveTrial> {
  return titledColumn(title, { width, most: maximalTitle }, cell);
}

function speedText(trial: LiveTrial): string {
  const speed = stepsPerSecond(trial);
  return speed === undefined ? '–' : speed.toFixed(2);
}
