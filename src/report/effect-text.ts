import { effectUnit, formatLevel, formatP, formatterFor } from '../statistics/format-effect.js';
import type { ReportComparison } from './report-schema.js';

/** `+4.2 points of test accuracy, 95% CI 3.6 to 4.8`: challenger - baseline, as measured. */
export function effectText(comparison: ReportComparison): string {
  const { phrase } = effectUnit(comparison.metric);
  const { value, interval } = effectNumbers(comparison);
  return `${value} ${phrase}${interval === '' ? '' : `, ${interval}`}`;
}

/** The same in parts; the interval is empty where it is not computable. */
export function effectNumbers({ metric, values, pairedT }: ReportComparison): {
  readonly value: string;
  readonly interval: string;
  readonly range: string;
} {
  const { factor } = effectUnit(metric);
  if (!values.difference.computable) return { value: '–', interval: '', range: '–' };
  const average = values.difference.mean * factor;
  if (!pairedT.computable) {
    return { value: signed(formatterFor(0, [average])(average)), interval: '', range: '–' };
  }
  const { low, high, level } = pairedT.interval;
  const ends = [low * factor, high * factor] as const;
  const format = formatterFor((ends[1] - ends[0]) / 2, [average, ...ends]);
  const range = `${format(ends[0])} to ${format(ends[1])}`;
  return {
    value: signed(format(average)),
    interval: `${formatLevel(level)} CI ${range}`,
    range,
  };
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

function signed(text: string): string {
  return /^[1-9]|^0\.0*[1-9]/.test(text) ? `+${text}` : text;
}
