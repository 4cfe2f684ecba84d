import { effectUnit, formatLevel, formatP, formatterFor } from '../statistics/format-effect.js';
import type { Interval } from '../statistics/computable.js';
import { plural, signed } from '../text/numbers.js';
import type { ReportBand, ReportComparison } from './report-schema.js';

/** `+4.2 points of test accuracy, 95% CI 3.6 to 4.8`: challenger - baseline, as measured. */
export function effectText(comparison: ReportComparison): string {
  const { phrase } = effectUnit(comparison.metric);
  const { value, interval } = effectNumbers(comparison);
  return `${value} ${phrase}${interval === '' ? '' : `, ${interval}`}`;
}

/** The same in parts; the interval is empty if it is not computable. */
export function effectNumbers(comparison: ReportComparison): {
  readonly value: string;
  readonly interval: string;
  readonly range: string;
} {
  const { metric, values } = comparison;
  const { factor, digits } = effectUnit(metric);
  if (!values.difference.computable) return { value: '–', interval: '', range: '–' };
  const average = values.difference.mean * factor;
  const ofMean = verdictInterval(comparison);
  if (ofMean === null) {
    return { value: signed(formatterFor(0, [average], digits)(average)), interval: '', range: '–' };
  }
  const { low, high, level } = ofMean;
  const ends = [low * factor, high * factor] as const;
  const format = formatterFor((ends[1] - ends[0]) / 2, [average, ...ends], digits);
  const range = `${format(ends[0])} to ${format(ends[1])}`;
  return {
    value: signed(format(average)),
    interval: `${formatLevel(level)} CI ${range}`,
    range,
  };
}

/** The interval of the mean difference that goes with the verdict; null where there is none. */
export function verdictInterval({ sequential, pairedT }: ReportComparison): Interval | null {
  if (sequential !== undefined) return sequential.interval;
  return pairedT.computable ? pairedT.interval : null;
}

/**
 * The p of "the variants differ" before any adjustment: the larger of the sign-flip test's and the
 * paired t test's, as the verdict needs both.
 */
export function differenceP({ signFlip, pairedT, pairs }: ReportComparison): number | null {
  if (pairs.completed < 2 || !signFlip.computable) return null;
  return pairedT.computable ? Math.max(signFlip.p, pairedT.p) : signFlip.p;
}

/** `0.004`, or a dash where there is none. */
export function pText(p: number | null): string {
  return p === null ? '–' : formatP(p);
}

/** A probability with two decimals; 0 and 1 are exact, not rounded. */
export function probabilityText(p: number): string {
  if (p === 0 || p === 1) return String(p);
  if (p < 0.005) return '< 0.01';
  return p > 0.995 ? '> 0.99' : p.toFixed(2);
}

/** A probability estimated from draws, which is never exactly 0 or 1. */
export function posteriorText(p: number): string {
  return probabilityText(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p)));
}

/** `95% CI 0.44 to 1` */
export function probabilityRange({ level, low, high }: Interval): string {
  return `${formatLevel(level)} CI ${probabilityText(low)} to ${probabilityText(high)}`;
}

/** What the interval of P(B > A) says, by the threshold of Bouthillier et al. 2021; empty without one. */
export function outperformsText({ outperforms }: Pick<ReportComparison, 'outperforms'>): string {
  if (!outperforms.computable) return '';
  const { says, threshold } = outperforms;
  switch (says) {
    case 'meaningful':
      return `more often than not, and ${threshold} is within reach`;
    case 'small':
      return `more often than not, but less often than ${threshold}`;
    case 'undecided':
      return 'perhaps not more often than not';
    case 'inferior':
      return 'less often than not';
  }
}

/** Where a simultaneous band leaves 0, in a sentence; long runs of steps as ranges. */
export function excludesZero({
  steps,
  low,
  high,
}: Pick<ReportBand, 'steps' | 'low' | 'high'>): string {
  const ranges: [number, number][] = [];
  let open: [number, number] | undefined;
  steps.forEach((step, i) => {
    const [from, to] = [low[i] ?? null, high[i] ?? null];
    const excluded = from !== null && to !== null && (from > 0 || to < 0);
    if (!excluded) open = undefined;
    else if (open) open[1] = step;
    else ranges.push((open = [step, step]));
  });
  if (ranges.length === 0) return 'It contains 0 at every step.';
  const shown = ranges
    .slice(0, 4)
    .map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const rest = ranges.length - shown.length;
  const more = rest > 0 ? ` and ${rest} more ${plural(rest, 'place')}` : '';
  const word = ranges.length === 1 && ranges[0]![0] === ranges[0]![1] ? 'step' : 'steps';
  return `It excludes 0 at ${word} ${shown.join(', ')}${more}.`;
}
