import { assertSameLength } from './same-length.js';

export type Side = 'baseline' | 'challenger' | 'both';

/** A planned pair without a difference. */
export interface MissingPair {
  readonly seed: number;
  /** Which variant has no finite value. */
  readonly missing: Side;
}

export interface Pairs {
  /** How many pairs were planned; the seeds given. */
  readonly planned: number;
  readonly completed: number;
  readonly missing: readonly MissingPair[];
  /** Of the completed pairs, in the order given, as are the three lists of values. */
  readonly seeds: readonly number[];
  readonly baseline: readonly number[];
  readonly challenger: readonly number[];
  /** challenger - baseline */
  readonly differences: readonly number[];
  /** The rounding error a sum of the differences may carry, in the metric's unit. */
  readonly noise: number;
}

/**
 * Lines up the two variants' values by seed. A pair counts only with a finite value on both sides
 * (a diverged variant has none) and a finite difference; every other planned pair is listed as
 * missing, never dropped silently.
 *
 * @param failed one entry a seed: who is known to have failed where the pair has no values, for
 *   instance the variant that diverged and so ended the other's training too
 */
export function alignPairs(
  seeds: readonly number[],
  baseline: readonly (number | null)[],
  challenger: readonly (number | null)[],
  failed: readonly (Side | null)[] = [],
): Pairs {
  assertSameLength('seeds and values of the baseline', seeds, baseline);
  assertSameLength('seeds and values of the challenger', seeds, challenger);
  const missing: MissingPair[] = [];
  const complete: { seed: number; b: number; c: number }[] = [];
  seeds.forEach((seed, i) => {
    const b = baseline[i] ?? NaN;
    const c = challenger[i] ?? NaN;
    const culprit = failed[i] ?? null;
    if (Number.isFinite(c - b)) complete.push({ seed, b, c });
    else if (culprit !== null) missing.push({ seed, missing: culprit });
    else if (Number.isFinite(b)) {
      missing.push({ seed, missing: Number.isFinite(c) ? 'both' : 'challenger' });
    } else missing.push({ seed, missing: Number.isFinite(c) ? 'baseline' : 'both' });
  });
  return {
    planned: seeds.length,
    completed: complete.length,
    missing,
    seeds: complete.map(({ seed }) => seed),
    baseline: complete.map(({ b }) => b),
    challenger: complete.map(({ c }) => c),
    differences: complete.map(({ b, c }) => c - b),
    // Decimal fractions are half an ulp off on each side, and the subtraction rounds once more.
    noise: complete.reduce(
      (total, { b, c }) => total + 2 * Number.EPSILON * Math.max(Math.abs(b), Math.abs(c)),
      0,
    ),
  };
}
