import { curveCourse } from '../../live/curve.js';
import type { RunState, TrialState } from '../../live/state.js';
import type { MetricKind } from '../../metrics/metric.js';
import { metricKind } from '../../metrics/registry.js';
import { cleanText, fitText, padEnd, padStart, textWidth } from '../../text/text.js';
import { gap } from './lines.js';
import type { Colors, Line, Segment } from './lines.js';
import {
  differenceCell,
  differenceFormat,
  minibatchMeasures,
  scoreCell,
  scoreFormat,
} from './scores.js';

const maximalLabel = 16;
const maximalSparkline = 60;
const minimalSparkline = 8;
const bars = '▁▂▃▄▅▆▇█';

/**
 * A trial's variants, a line each: the newest scores on the minibatches, Δ (challenger - baseline) or where
 * it diverged and, where there is room, the course of the first score, all on one scale. On a narrow
 * terminal Δ stands below the challenger's scores.
 */
export function variantLines(
  state: RunState,
  trial: TrialState,
  columns: number,
  colors: Colors,
): Line[] {
  const { variants, baseline } = state;
  const measures = minibatchMeasures(state);
  const kinds = measures.map(({ metric }) => metricKind(metric));
  const labels = variants.map(({ label }) => textWidth(cleanText(label)));
  const labelWidth = Math.min(maximalLabel, Math.max(3, ...labels));
  const scores = kinds.map((kind) => padStart(kind.name, scoreFormat(kind).width));
  const differences = kinds.map((kind) => padStart(`Δ ${kind.name}`, differenceFormat(kind).width));
  const titles = [' '.repeat(labelWidth), ...scores].join(gap.text);
  const wideTitles = [titles, ...differences].join(gap.text);
  const isWide = textWidth(wideTitles) <= columns;
  const sparkWidth = Math.min(maximalSparkline, columns - textWidth(wideTitles) - gap.text.length);
  const courses = sparkWidth >= minimalSparkline ? coursesOf(state, trial, sparkWidth) : undefined;

  const lines: Line[] = [
    { segments: [{ text: isWide ? wideTitles : titles, paint: colors.dim }], rank: 4 },
  ];
  for (const [at, { name, label }] of variants.entries()) {
    const segments: Segment[] = [
      { text: padEnd(fitText(cleanText(label), labelWidth), labelWidth), paint: colors.bold },
      ...measures.flatMap((measure, of) => [
        gap,
        aligned(scoreCell(trial, measure, name, colors), scores[of]!),
      ]),
    ];
    const beside = besideScores(name);
    if (isWide) segments.push(...beside, ...(courses ? [gap, { text: courses[at]! }] : []));
    lines.push({ segments, rank: 1 });
    if (isWide || name === baseline) continue;
    lines.push({ segments: [{ text: padEnd('  Δ', labelWidth) }, ...beside], rank: 1 });
  }
  return lines;

  /** The differences, a remark in their room, or their room. */
  function besideScores(challenger: string): Segment[] {
    // Below the scores, the differences' signs take the gaps' second cells.
    const heads = isWide ? differences : scores.map((title) => ` ${title}`);
    const space = isWide ? gap : { text: ' ' };
    const end = trial.diverged[challenger];
    if (challenger !== baseline && end === undefined) {
      return measures.flatMap((measure, of) => [
        space,
        aligned(differenceCell(trial, measure, { challenger, baseline }, colors), heads[of]!),
      ]);
    }
    const room = heads.reduce((sum, title) => sum + space.text.length + textWidth(title), 0);
    const remark = end === undefined ? '' : `  diverged at step ${end.step}`;
    const paint = end === undefined ? undefined : colors.red;
    return [{ text: padEnd(fitText(remark, room), room), paint }];
  }
}

/** A cell as wide as its title. */
function aligned({ text, paint }: Segment, title: string): Segment {
  return { text: padStart(text, textWidth(title)), paint };
}

/** The course of the first measure, a sparkline a variant, all on one scale. */
function coursesOf({ variants, measures }: RunState, trial: TrialState, width: number): string[] {
  const { key, metric } = measures[0]!;
  const series = variants.map(({ name }) => {
    const curve = trial.curves[key]?.[name];
    return curve ? curveCourse(curve, width) : [];
  });
  return sparklines(series, metricKind(metric));
}

/** A bar a value, on one scale for all series; `×` where the value is not finite. */
export function sparklines(
  series: readonly (readonly number[])[],
  { scale }: Pick<MetricKind, 'scale'>,
): string[] {
  // Zero has no logarithm and is drawn lowest.
  const at = (value: number) => (scale === 'log' ? Math.log(value) : value);
  const places = series.flat().map(at).filter(Number.isFinite);
  const low = Math.min(...places);
  const span = Math.max(...places) - low;
  const bar = (value: number) => {
    if (!Number.isFinite(value)) return '×';
    // A span of nothing has no inside: all its values are drawn lowest.
    const height = span > 0 ? (at(value) - low) / span : 0;
    return bars[Math.max(0, Math.min(bars.length - 1, Math.floor(height * bars.length)))] ?? '';
  };
  return series.map((values) => values.map(bar).join(''));
}
