import picocolors from 'picocolors';
import { plannedSteps, stepsPerSecond, timeLeft } from '../../live/speed.js';
import type { RunState, TrialState } from '../../live/state.js';
import { count, formatClock, formatNumber } from '../../text/numbers.js';
import { cleanText } from '../../text/text.js';
import { fitRows, gap, paintLine, progressBar } from './lines.js';
import type { Colors, Line, Segment } from './lines.js';
import { settledTrials, trialTable } from './trial-table.js';
import { variantLines } from './variant-lines.js';

export interface LiveOptions {
  /** Cells of a line. */
  readonly columns: number;
  /** Lines of the terminal; the block leaves one for the cursor. */
  readonly rows: number;
  readonly color: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Trials that run at the same time, at most. */
  readonly jobs: number;
}

/**
 * The live view as lines joined by `\n`, none wider than `columns` and at most `rows - 1` of them: of
 * trials that run at once a table, of one at a time its progress and its variants' newest scores; speed
 * and time left. Everything keeps its place from frame to frame.
 */
export function renderLive(state: RunState, options: LiveOptions): string {
  const { columns, rows, color, now, jobs } = options;
  const colors = picocolors.createColors(color);
  const trial = state.latestTrial === undefined ? undefined : state.trials[state.latestTrial];
  const steps = plannedSteps(state);
  const lines: Line[] = [{ segments: titleLine(state, trial, jobs, colors), rank: 3 }];
  if (trial && steps !== undefined) {
    lines.push(
      ...(jobs > 1
        ? trialTable(state, steps, columns, colors)
        : [
            stepLine(trial, steps, columns, colors),
            ...variantLines(state, trial, columns, colors),
          ]),
    );
    lines.push({ segments: speedLine(state, now, colors), rank: 2 });
  }
  return fitRows(lines, Math.max(1, rows - 1))
    .map(({ segments }) => paintLine(segments, columns))
    .join('\n');
}

function titleLine(
  state: RunState,
  trial: TrialState | undefined,
  jobs: number,
  colors: Colors,
): Segment[] {
  const { name, trials, seeds } = state;
  const segments: Segment[] = [{ text: cleanText(name), paint: colors.bold }];
  if (!trial) return [...segments, gap, { text: 'starting', paint: colors.dim }];
  if (jobs > 1) {
    const { settled, all } = settledTrials(state);
    segments.push(gap, { text: `up to ${count(Math.min(jobs, all - settled), 'trial')} at once` });
  } else {
    segments.push(gap, { text: `seed ${trial.seed}` });
    if (trials.length > 1) {
      const what = trials.length > seeds.length ? 'trial ' : '';
      segments.push({
        text: ` (${what}${trial.index + 1} of ${trials.length})`,
        paint: colors.dim,
      });
    }
  }
  for (const phase of ['diverged', 'failed', 'interrupted', 'unfinished'] as const) {
    const many = trials.filter((each) => each.isSettled && each.phase === phase).length;
    if (many > 0) segments.push(gap, { text: `${many} ${phase}`, paint: colors.red });
  }
  const dropped = trials.filter(({ phase }) => phase === 'dropped').length;
  if (dropped > 0) segments.push(gap, { text: `${dropped} dropped`, paint: colors.dim });
  return segments;
}

function stepLine({ step }: TrialState, steps: number, columns: number, colors: Colors): Line {
  const text = `step ${String(step).padStart(String(steps).length)} of ${steps}`;
  return { segments: progressBar(steps > 0 ? step / steps : 1, text, columns, colors), rank: 0 };
}

function speedLine(state: RunState, now: number, colors: Colors): Segment[] {
  const speed = stepsPerSecond(state);
  const left = timeLeft(state, now);
  const elapsed = now - (state.startedAt ?? now);
  const clock = (milliseconds: number | undefined) =>
    (milliseconds === undefined ? '–:––' : formatClock(milliseconds)).padStart(5);
  const speedText =
    speed === undefined ? '     –' : formatNumber(speed, { width: 7, decimals: 2 }).slice(-7);
  const text = `${speedText.padStart(7)} steps/s ${clock(elapsed)} elapsed ${clock(left)} left`;
  return [{ text, paint: colors.dim }];
}
