import { assertSameLength, noiseFloor, settled } from './moments.js';

export type Side = 'baseline' | 'challenger' | 'both';

/** A planned pair without a difference. */
export interface MissingPair {
  readonly seed: number;
  /** Which variant has no finite value. */
  readonly missing: Side;
}

export interface Pairs {
  /** How many pairs were planned; at least the seeds given. */
  readonly planned: number;
  readonly completed: number;
  readonly missing: readonly MissingPair[];
  /** The seeds of the completed pairs, in the order given; the three lists of values have the same order. */
  readonly seeds: readonly number[];
  readonly baseline: readonly number[];
  readonly challenger: readonly number[];
  /** challenger - baseline, see `settled`. */
  readonly differences: readonly number[];
  /** How far apart two equal differences may be, in the metric's unit: see `noiseFloor`. */
  readonly noise: number;
}

/** One entry a seed in every list, in the order of `seeds`. */
export interface PairValues {
  readonly seeds: readonly number[];
  /** `null` (or not finite) where there is no value. */
  readonly baseline: readonly (number | null)[];
  readonly challenger: readonly (number | null)[];
  /** Where they are known better than by subtraction, as from counts; default: challenger - baseline. */
  readonly differences?: readonly (number | null)[] | undefined;
  /** Which side is known to have failed where the pair has no values. Default: the side without a value. */
  readonly failed?: readonly (Side | null)[] | undefined;
  /** How many pairs were planned, where that is more than there are seeds. */
  readonly plannedPairs?: number | undefined;
}

/**
 * Lines up the two variants' values by seed. A pair counts only with a finite value on both sides
 * (a diverged variant has none) and a finite difference; every other planned pair is listed as
 * missing, never dropped silently.
 */
export function alignPairs(values: PairValues): Pairs {
  const { seeds, baseline, challenger, differences = [], failed = [], plannedPairs = 0 } = values;
  assertSameLength('seeds and values of the baseline', seeds, baseline);
  assertSameLength('seeds and values of the challenger', seeds, challenger);
  const missing: MissingPair[] = [];
  const complete: { seed: number; b: number; c: number; d: number }[] = [];
  seeds.forEach((seed, i) => {
    const b = baseline[i] ?? NaN;
    const c = challenger[i] ?? NaN;
    const d = differences[i] ?? c - b;
    const culprit = failed[i] ?? null;
    if (Number.isFinite(c - b) && Number.isFinite(d)) complete.push({ seed, b, c, d });
    else if (culprit !== null) missing.push({ seed, missing: culprit });
    else if (Number.isFinite(b)) {
      missing.push({ seed, missing: Number.isFinite(c) ? 'both' : 'challenger' });
    } else missing.push({ seed, missing: Number.isFinite(c) ? 'baseline' : 'both' });
  });
  const kept = {
    seeds: complete.map(({ seed }) => seed),
    baseline: complete.map(({ b }) => b),
    challenger: complete.map(({ c }) => c),
  };
  const noise = noiseFloor(kept.baseline, kept.challenger);
  return {
    planned: Math.max(seeds.length, plannedPairs),
    completed: complete.length,
    missing,
    ...kept,
    differences: settled(
      complete.map(({ d }) => d),
      noise,
    ),
    noise,
  };
}
