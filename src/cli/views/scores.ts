import type { Measure, RunState, TrialState } from '../../live/state.js';
import type { MetricKind } from '../../metrics/metric.js';
import { metricKind } from '../../metrics/registry.js';
import {
  accuracyDifferenceFormat,
  accuracyFormat,
  formatNumber,
  lossDifferenceFormat,
  lossFormat,
} from '../../text/numbers.js';
import type { NumberFormat } from '../../text/numbers.js';
import type { Colors, Segment } from './lines.js';

/** How a score takes its place in a column. */
export function scoreFormat({ unit }: MetricKind): NumberFormat {
  return unit === 'fraction' ? accuracyFormat : lossFormat;
}

/** How the difference of two scores does. */
export function differenceFormat({ unit }: MetricKind): NumberFormat {
  return unit === 'fraction' ? accuracyDifferenceFormat : lossDifferenceFormat;
}

/** Green for a challenger that is better, yellow for one that is worse. */
export function gainPaint({ better }: MetricKind, difference: number, colors: Colors) {
  const gain = better === 'higher' ? difference : -difference;
  return gain > 0 ? colors.green : gain < 0 ? colors.yellow : undefined;
}

/** A variant's newest score, or that it has diverged. */
export function scoreCell(
  trial: TrialState,
  { key, metric }: Measure,
  variant: string,
  colors: Colors,
): Segment {
  const value = trial.curves[key]?.[variant]?.latest?.value;
  const hasDiverged = variant in trial.diverged;
  if (hasDiverged && (value === undefined || Number.isFinite(value))) {
    return { text: 'diverged', paint: colors.red };
  }
  if (value === undefined) return { text: '–' };
  const paint = Number.isFinite(value) ? undefined : colors.red;
  return { text: formatNumber(value, scoreFormat(metricKind(metric))), paint };
}

/** Challenger - baseline of their newest scores, where they are of the same step. */
export function differenceCell(
  trial: TrialState,
  { key, metric }: Measure,
  { challenger, baseline }: { readonly challenger: string; readonly baseline: string },
  colors: Colors,
): Segment {
  const { [challenger]: own, [baseline]: base } = trial.curves[key] ?? {};
  if (!own?.latest || own.latest.step !== base?.latest?.step) return { text: '–' };
  const kind = metricKind(metric);
  const difference = own.latest.value - base.latest.value;
  return {
    text: formatNumber(difference, differenceFormat(kind)),
    paint: gainPaint(kind, difference, colors),
  };
}

/** The scores on the minibatches, which every step has. */
export function minibatchMeasures({ measures }: RunState): readonly Measure[] {
  return measures.filter(({ place }) => place === 'minibatch');
}
