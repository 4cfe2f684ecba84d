import { notComputable } from '../statistics/computable.js';
import type { Computed } from '../statistics/computable.js';
import { mean, pairedDifferences } from '../statistics/moments.js';
import { pairedT } from '../statistics/paired-t.js';
import type { PairedT } from '../statistics/paired-t.js';
import { lastPoint, pointAt } from './curve.js';
import type { Measure, RunState, TrialState } from './state.js';

/** A challenger against the baseline, paired over the seeds of one sweep point. */
export interface DifferenceSoFar {
  readonly challenger: string;
  /** Where they are compared: after all steps, or at one step that all have reached. */
  readonly at: 'end' | { readonly step: number } | undefined;
  /** Seeds that have a difference, of those planned. */
  readonly seeds: number;
  readonly planned: number;
  /** Seeds on which the challenger, or the baseline, diverged. */
  readonly diverged: number;
  /** Mean of challenger - baseline; NaN without any pair. */
  readonly mean: number;
  readonly interval: Computed<PairedT>;
}

/**
 * The mean difference of each challenger and its paired t interval over the seeds so far: the trials that
 * have made all steps once there are two, as the report has it in the end, and before that all trials at
 * the last step they all have reached. Where one of the two diverged there is no pair; another variant's
 * divergence does not matter.
 */
export function differencesSoFar(
  { trials, variants, baseline, level, crossed }: RunState,
  point: string,
  { key }: Measure,
): DifferenceSoFar[] {
  const planned = trials.filter((trial) => trial.point === point);
  return variants
    .filter(({ name }) => name !== baseline)
    .map(({ name: challenger }) => {
      const names = [baseline, challenger];
      const sound = planned.filter(({ diverged }) => !names.some((name) => name in diverged));
      const ended = sound.filter(hasEnded);
      // One that has failed would hold the others at the step of its end.
      const begun = sound.filter(
        (trial) => trial.curves[key] !== undefined && (hasEnded(trial) || canGoOn(trial)),
      );
      const { at, pairs } =
        ended.length >= 2 || ended.length === begun.length
          ? { at: 'end' as const, pairs: pairsAt(ended, undefined) }
          : atCommonStep(begun);
      const differences = pairedDifferences(
        pairs.map(([base]) => base!),
        pairs.map(([, own]) => own!),
      );
      return {
        challenger,
        at: differences.length > 0 ? at : undefined,
        seeds: differences.length,
        planned: planned.length,
        diverged: planned.length - sound.length,
        mean: differences.length > 0 ? mean(differences) : NaN,
        interval: crossed
          ? notComputable('the trials share random streams')
          : pairedT(differences, level),
      };

      /** @param count of the measurement, from 1; undefined: the last */
      function pairsAt(those: readonly TrialState[], count: number | undefined): number[][] {
        return those
          .map((trial) => names.map((name) => valueAt(trial, name, count)))
          .filter((pair) => pair.every(Number.isFinite));
      }

      function atCommonStep(those: readonly TrialState[]) {
        const curves = those.flatMap((trial) =>
          names.flatMap((name) => trial.curves[key]?.[name] ?? []),
        );
        const least = Math.min(...curves.map(({ count }) => count));
        const stride = Math.max(...curves.map((curve) => curve.stride));
        const count = Math.floor(least / stride) * stride;
        const first = curves[0];
        const step = (first && pointAt(first, count))?.step;
        if (step === undefined) return { at: undefined, pairs: [] };
        return { at: { step }, pairs: pairsAt(those, count) };
      }
    });

  function valueAt({ curves }: TrialState, variant: string, count: number | undefined): number {
    const curve = curves[key]?.[variant];
    if (curve === undefined) return NaN;
    return (count === undefined ? lastPoint(curve) : pointAt(curve, count))?.value ?? NaN;
  }
}

/** Whether all steps are made; a trial of which one variant diverged counts for the others. */
function hasEnded({ phase, step, steps }: TrialState): boolean {
  return phase === 'completed' || (phase === 'diverged' && step === steps);
}

function canGoOn({ phase }: TrialState): boolean {
  return phase !== 'diverged' && phase !== 'failed';
}
