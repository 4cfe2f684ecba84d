import picocolors from 'picocolors';
import { fitRows, gap, progressBar } from './lines.js';
import type { Colors, Line } from './lines.js';
import { stepsPerSecond, timeLeft } from '../../live/live-state.js';
import type { LiveState, LiveTrial, LiveVariant } from '../../live/live-state.js';
import { settledTrials, trialTable } from './live-table.js';
import {
  accuracyDifferenceFormat,
  accuracyFormat,
  formatClock,
  formatNumber,
  lossDifferenceFormat,
  lossFormat,
} from '../../text/numbers.js';
import { paintLine } from './segments.js';
import type { Segment } from './segments.js';
import { commonScale, sparkline } from './sparkline.js';
import { cleanText, fitText, padEnd, padStart, textWidth } from '../../text/text.js';

export interface LiveOptions {
  /** Cells of a line. */
  readonly columns: number;
  /** Lines of the terminal; the block leaves one for the cursor. */
  readonly rows: number;
  readonly color: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const maximalLabel = 16;
const maximalSparkline = 60;
const minimalSparkline = 8;

/**
 * The live view as lines joined by `\n`, none wider than `columns` and at most `rows - 1` of them: of
 * trials that run at once a table, of one at a time its progress, the latest losses and accuracies with Δ (challenger - baseline) and, where there is
 * room, the course of the losses on a common logarithmic scale; speed and time left. Everything
 * keeps its place from frame to frame.
 */
export function renderLive(state: LiveState, options: LiveOptions): string {
  const colors = picocolors.createColors(options.color);
  const trial = state.active[0] ?? state.last;
  const lines: Line[] = [{ segments: titleLine(state, trial, colors), rank: 3 }];
  if (trial) {
    lines.push(
      ...(state.header.jobs > 1
        ? trialTable(state, options.columns, colors)
        : oneTrial(trial, options.columns, colors)),
    );
    lines.push({ segments: speedLine(state, options.now, colors), rank: 2 });
  }
  return fitRows(lines, Math.max(1, options.rows - 1))
    .map(({ segments }) => paintLine(segments, options.columns))
    .join('\n');
}

function titleLine(state: LiveState, trial: LiveTrial | undefined, colors: Colors): Segment[] {
  const { header, ended } = state;
  const segments: Segment[] = [{ text: cleanText(header.name), paint: colors.bold }];
  if (!trial) return [...segments, gap, { text: 'starting', paint: colors.dim }];
  if (header.jobs > 1) {
    const running = header.trials - settledTrials(state);
    segments.push(gap, { text: `up to ${Math.min(header.jobs, running)} trials at once` });
  } else {
    segments.push(gap, { text: `seed ${trial.seed}` });
    if (header.trials > 1) {
      const what = header.trials > header.seeds.length ? 'trial ' : '';
      segments.push({
        text: ` (${what}${trial.trial + 1} of ${header.trials})`,
        paint: colors.dim,
      });
    }
  }
  const outcomes = Object.values(ended);
  for (const outcome of ['diverged', 'failed', 'interrupted'] as const) {
    const count = outcomes.filter((other) => other === outcome).length;
    if (count > 0) segments.push(gap, { text: `${count} ${outcome}`, paint: colors.red });
  }
  return segments;
}

function oneTrial(trial: LiveTrial, columns: number, colors: Colors): Line[] {
  const { step, steps } = trial;
  const text = `step ${String(step).padStart(String(steps).length)} of ${steps}`;
  const bar = progressBar(steps > 0 ? step / steps : 1, text, columns, colors);
  return [{ segments: bar, rank: 0 }, ...variantLines(trial, columns, colors)];
}

function variantLines(trial: LiveTrial, columns: number, colors: Colors): Line[] {
  const entries = Object.entries(trial.variants);
  const labels = entries.map(([, { label }]) => textWidth(cleanText(label)));
  const labelWidth = Math.min(maximalLabel, Math.max(3, ...labels));
  const titles = [titleCell('loss', lossFormat.width), titleCell('accuracy', accuracyFormat.width)];
  const differences = [
    titleCell('Δ loss', lossDifferenceFormat.width),
    titleCell('Δ accuracy', accuracyDifferenceFormat.width + 1),
  ];
  const widthOf = (cells: string[]) => cells.reduce((sum, cell) => sum + 2 + textWidth(cell), 0);
  const tableWidth = labelWidth + widthOf([...titles, ...differences]);
  const wide = columns >= tableWidth;
  const sparkWidth = Math.min(maximalSparkline, columns - tableWidth - 2);
  const scale = commonScale(entries.map(([, { losses }]) => losses.slice(-sparkWidth)));
  const heads = [' '.repeat(labelWidth), ...titles, ...(wide ? differences : [])].join('  ');
  const lines: Line[] = [{ segments: [{ text: heads, paint: colors.dim }], rank: 4 }];
  const baseline = trial.variants[trial.baseline];
  for (const [name, variant] of entries) {
    const segments = valueCells(variant, labelWidth, colors);
    const difference = name === trial.baseline ? undefined : baseline;
    if (wide) {
      segments.push(...differenceCells(variant, difference, 2, colors));
      if (sparkWidth >= minimalSparkline) {
        segments.push(gap, { text: sparkline(variant.losses.slice(-sparkWidth), ...scale) });
      }
    }
    lines.push({ segments, rank: 1 });
    if (!wide && difference) {
      const label = { text: padEnd('  Δ', labelWidth) };
      lines.push({
        segments: [label, ...differenceCells(variant, difference, 1, colors)],
        rank: 1,
      });
    }
  }
  return lines;
}

function titleCell(title: string, width: number): string {
  return padStart(title, width);
}

function valueCells({ label, loss, accuracy }: LiveVariant, width: number, colors: Colors) {
  const warn = (value: number) => (Number.isFinite(value) ? undefined : colors.red);
  const segments: Segment[] = [
    { text: padEnd(fitText(cleanText(label), width), width), paint: colors.bold },
    gap,
    { text: formatNumber(loss, lossFormat), paint: warn(loss) },
    gap,
    { text: formatNumber(accuracy, accuracyFormat), paint: warn(accuracy) },
  ];
  return segments;
}

/** Both differences, or their room where there is no baseline to compare with. */
function differenceCells(
  variant: LiveVariant,
  baseline: LiveVariant | undefined,
  gapWidth: 1 | 2,
  colors: Colors,
): Segment[] {
  const space = { text: ' '.repeat(gapWidth) };
  // Beside the values the accuracy's column is as wide as its title; below them, as its number.
  const accuracyFormatHere = {
    ...accuracyDifferenceFormat,
    width: accuracyDifferenceFormat.width + gapWidth - 1,
  };
  if (!baseline) {
    const room = lossDifferenceFormat.width + gapWidth + accuracyFormatHere.width;
    return [space, { text: ' '.repeat(room) }];
  }
  const loss = variant.loss - baseline.loss;
  const accuracy = variant.accuracy - baseline.accuracy;
  const judged = (gain: number) => (gain > 0 ? colors.green : gain < 0 ? colors.yellow : undefined);
  return [
    space,
    { text: formatNumber(loss, lossDifferenceFormat), paint: judged(-loss) },
    space,
    { text: formatNumber(accuracy, accuracyFormatHere), paint: judged(accuracy) },
  ];
}

function speedLine(state: LiveState, now: number, colors: Colors): Segment[] {
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
