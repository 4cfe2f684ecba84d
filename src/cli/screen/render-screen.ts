import picocolors from 'picocolors';
import type { Colors } from '../views/lines.js';
import { paintLine } from '../views/lines.js';
import type { Segment } from '../views/lines.js';
import { count } from '../../text/numbers.js';
import { cleanText, padEnd, textWidth } from '../../text/text.js';
import { outcomes } from '../../log/constants.js';
import { shownTrial } from './choice.js';
import type { ScreenChoice } from './choice.js';
import { differencePane } from './difference-pane.js';
import { plotPane } from './plot-pane.js';
import { metricKind } from '../../metrics/registry.js';
import { atRest } from '../../live/state.js';
import type { Measure, RunState, TrialState } from '../../live/state.js';
import { phasePaint, trialPane } from './trial-pane.js';

/** Cells and lines the screen needs. */
export const leastColumns = 80;
export const leastRows = 24;

/**
 * `working`: a process is working on the run; `idle`: none is, though not all trials are settled;
 * `over`: every trial has completed or diverged.
 */
export type RunPhase = 'working' | 'idle' | 'over';

export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly phase: RunPhase;
}

/** @returns exactly `rows` lines of exactly `columns` cells */
export function renderScreen(
  state: RunState,
  choice: ScreenChoice,
  options: ScreenOptions,
): string[] {
  const { columns, rows, phase } = options;
  const segments =
    columns < leastColumns || rows < leastRows
      ? tooSmall(columns, rows)
      : screen(phase === 'idle' ? atRest(state) : state, choice, options);
  return Array.from({ length: rows }, (_, at) =>
    padEnd(paintLine(segments[at] ?? [], columns), columns),
  );
}

function tooSmall(columns: number, rows: number): Segment[][] {
  const text = `The window has ${columns}x${rows}; ${leastColumns}x${leastRows} are needed. q leaves.`;
  return [[{ text }]];
}

function screen(
  state: RunState,
  choice: ScreenChoice,
  { columns, rows, color, now, phase }: ScreenOptions,
): Segment[][] {
  const colors = picocolors.createColors(color);
  const chosen = shownTrial(choice, state);
  const trial = state.trials[chosen]!;
  const measure = state.measures[choice.measure] ?? state.measures[0]!;
  const differences = differencePane(state, trial, measure, colors);
  // Title, heading, the head of the list, the footer, and the two lines that set the parts apart.
  const room = rows - 6 - differences.length;
  const listed = Math.min(state.trials.length, Math.max(3, Math.floor(room / 3)));
  return [
    titleLine(state, columns, colors),
    headingLine(state, trial, measure, colors),
    ...plotPane(state, trial, measure, { columns, rows: room - listed, colors }),
    lookLine(state, colors),
    ...differences,
    [],
    ...trialPane(state, chosen, measure, { columns, rows: listed + 1, colors, now }),
    footerLine(state, phase, choice, colors),
  ];
}

/** The newest that a look at results told, between two parts of the screen. */
function lookLine({ look }: RunState, colors: Colors): Segment[] {
  return look === undefined ? [] : [{ text: cleanText(look), paint: colors.cyan }];
}

function titleLine({ name, folder, trials }: RunState, columns: number, colors: Colors): Segment[] {
  const right = (['running', 'unfinished', ...outcomes, 'planned', 'dropped'] as const)
    .map((phase) => ({ phase, many: trials.filter((trial) => trial.phase === phase).length }))
    .filter(({ many }) => many > 0)
    .map(({ phase, many }) => `${many} ${phase}`)
    .join(', ');
  const left = cleanText(name);
  const about = `  ${cleanText(folder)}`;
  const space = columns - textWidth(left) - textWidth(right) - 2;
  return [
    { text: left, paint: colors.bold },
    { text: padEnd(textWidth(about) <= space ? about : '', space + 2), paint: colors.dim },
    { text: right },
  ];
}

function headingLine(
  { trials }: RunState,
  trial: TrialState,
  { place, examples, metric }: Measure,
  colors: Colors,
): Segment[] {
  const scale = metricKind(metric).scale === 'log' ? ', log scale' : '';
  const on = examples === undefined ? '' : ` on ${count(examples, 'example')}`;
  const which = trials.length > 1 ? `  trial ${trial.index}, seed ${trial.seed}` : '';
  return [
    { text: `${place} ${metric}`, paint: colors.bold },
    { text: `${on}${scale}`, paint: colors.dim },
    { text: which },
    { text: trial.point === '' ? '' : `  ${cleanText(trial.point)}`, paint: colors.dim },
    { text: `  ${trial.phase}`, paint: phasePaint(trial, colors) },
    { text: trial.reason === undefined ? '' : `  ${cleanText(trial.reason)}` },
  ];
}

function footerLine(
  { measures }: RunState,
  phase: RunPhase,
  { trial }: ScreenChoice,
  colors: Colors,
): Segment[] {
  const end = {
    working: '',
    idle: 'No process is working on the run  ',
    over: 'The run is over; q leaves  ',
  }[phase];
  const keys = [
    '↑↓ or jk trial',
    `m metric (${measures.length})`,
    ...(trial === undefined ? [] : ['f follow']),
    ...(phase === 'over' ? [] : ['q quit']),
  ].join('  ');
  return [
    { text: end, paint: colors.bold },
    { text: keys, paint: colors.dim },
  ];
}
