import { pairedT } from '../statistics/paired-t.js';
import type { PairedT } from '../statistics/paired-t.js';
import type { Computed } from '../statistics/computable.js';
import { mean } from '../statistics/moments.js';
import type { ScreenMetric, ScreenState, ScreenTrial } from './screen-state.js';
import { lastPoint, pointAt } from './thin-curve.js';

/** A challenger against the baseline, paired over the seeds of one sweep point. */
export interface ScreenDifference {
  readonly challenger: string;
  /** What is compared: the last values of completed trials, or those of one step that all have reached. */
  readonly at: 'end' | { readonly step: number } | undefined;
  /** Seeds that have a difference, of those planned. */
  readonly seeds: number;
  readonly planned: number;
  /** Of the differences, challenger - baseline; NaN without any. */
  readonly mean: number;
  readonly interval: Computed<PairedT>;
}

/**
 * The mean difference and its paired t interval over the seeds so far: the completed trials once there
 * are two, as the report has it in the end, and before that all trials at the last step they all have
 * reached. A variant that diverged has no value to compare.
 */
export function pairedDifferences(
  { trials, variants, baseline, level }: ScreenState,
  point: string,
  metric: ScreenMetric,
): ScreenDifference[] {
  const planned = trials.filter((trial) => trial.point === point);
  const completed = planned.filter(({ state }) => state === 'completed');
  // One that has diverged or failed would hold the others at the step of its end.
  const begun = planned.filter(
    ({ curves, state }) =>
      curves[metric.key] !== undefined && state !== 'diverged' && state !== 'failed',
  );
  return variants
    .filter(({ name }) => name !== baseline)
    .map(({ name: challenger }) => {
      const { at, differences } =
        completed.length >= 2 || completed.length === begun.length
          ? { at: 'end' as const, differences: differencesAt(completed, undefined) }
          : atCommonStep(begun);
      return {
        challenger,
        at: differences.length > 0 ? at : undefined,
        seeds: differences.length,
        planned: planned.length,
        mean: differences.length > 0 ? mean(differences) : NaN,
        interval: pairedT(differences, level),
      };

      /** @param count of the measurement, from 1; undefined: the last */
      function differencesAt(those: readonly ScreenTrial[], count: number | undefined): number[] {
        return those
          .map((trial) => valueAt(trial, challenger, count) - valueAt(trial, baseline, count))
          .filter(Number.isFinite);
      }

      function atCommonStep(those: readonly ScreenTrial[]) {
        const curves = those.flatMap(({ curves: { [metric.key]: of } }) => Object.values(of ?? {}));
        const least = Math.min(...curves.map(({ count }) => count));
        const stride = Math.max(...curves.map((curve) => curve.stride));
        const count = Math.floor(least / stride) * stride;
        const first = curves[0];
        const step = (first && pointAt(first, count))?.step;
        if (step === undefined) return { at: undefined, differences: [] };
        return { at: { step }, differences: differencesAt(those, count) };
      }
    });

  function valueAt({ curves }: ScreenTrial, variant: string, count: number | undefined): number {
    const curve = curves[metric.key]?.[variant];
    if (curve === undefined) return NaN;
    return (count === undefined ? lastPoint(curve) : pointAt(curve, count))?.value ?? NaN;
  }
}
