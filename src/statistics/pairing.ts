import { count } from '../text/numbers.js';
import { type Computed, type Interval, computed, notComputable } from './computable.js';
import { tTwoSided, tUpperQuantile } from './distributions.js';
import {
  assertSameLength,
  covariance,
  isConstant,
  mean,
  powerOfTwoScale,
  standardDeviation,
} from './moments.js';

/**
 * Pearson's product-moment correlation of the two variants' values over the pairs: how much of the
 * seeds' luck they share. Above 0, pairing makes the interval of the difference narrower.
 *
 * No distribution is assumed; the value describes the sample.
 *
 * @param xs values of one variant
 * @param ys values of the other, in the same order of seeds
 */
export function correlation(
  xs: readonly number[],
  ys: readonly number[],
): Computed<{ readonly r: number }> {
  assertSameLength('correlation', xs, ys);
  if (xs.length < 2) {
    return notComputable(`a correlation needs at least 2 pairs, and there are ${xs.length}`);
  }
  if (isConstant(xs) || isConstant(ys)) {
    return notComputable(`one variant has the same value in all ${count(xs.length, 'pair')}`);
  }
  const scaledX = scaled(xs);
  const scaledY = scaled(ys);
  const r =
    covariance(scaledX, scaledY) /
    Math.sqrt(covariance(scaledX, scaledX)) /
    Math.sqrt(covariance(scaledY, scaledY));
  return computed({ r: Math.max(-1, Math.min(1, r)) });
}

function scaled(values: readonly number[]): number[] {
  const scale = powerOfTwoScale(values);
  return values.map((value) => value / scale);
}

export interface Welch {
  /** Mean of the challenger minus mean of the baseline. */
  readonly difference: number;
  readonly standardError: number;
  readonly t: number;
  /** Welch-Satterthwaite, not a whole number. */
  readonly df: number;
  /** Two-sided. */
  readonly p: number;
  readonly interval: Interval;
}

/**
 * Welch's t test of two independent samples (Welch, Biometrika 34, 1947): what the same numbers
 * would say had the variants not shared their seeds. It is here for comparison; for paired runs its
 * assumption of independent samples is false.
 *
 * @param baseline one value a seed
 * @param challenger one value a seed; the counts may differ
 * @param level confidence of the interval
 */
export function welch(
  baseline: readonly number[],
  challenger: readonly number[],
  level: number,
): Computed<Welch> {
  if (baseline.length < 2 || challenger.length < 2) {
    return notComputable('an unpaired comparison needs at least 2 values of each variant');
  }
  if (isConstant(baseline) && isConstant(challenger)) {
    return notComputable('both variants have the same value for every seed');
  }
  const scale = powerOfTwoScale([...baseline, ...challenger]);
  const [shareB, shareC] = [baseline, challenger].map(
    (values) => (standardDeviation(values) / scale) ** 2 / values.length,
  ) as [number, number];
  const variance = shareB + shareC;
  const standardError = Math.sqrt(variance) * scale;
  if (standardError === 0) {
    return notComputable('the values are closer together than numbers can tell');
  }
  const df =
    1 /
    ((shareB / variance) ** 2 / (baseline.length - 1) +
      (shareC / variance) ** 2 / (challenger.length - 1));
  const difference = (mean(challenger) / scale - mean(baseline) / scale) * scale;
  const t = difference / standardError;
  const halfWidth = tUpperQuantile((1 - level) / 2, df) * standardError;
  return computed({
    difference,
    standardError,
    t,
    df,
    p: tTwoSided(t, df),
    interval: { level, low: difference - halfWidth, high: difference + halfWidth },
  });
}

/**
 * What pairing bought: how many times as many seeds each variant would need for the same standard
 * error of the difference had its seeds been independent, (var A + var B) / var(B - A), and that
 * number of seeds. 1 means pairing bought nothing; below 1 it cost something.
 *
 * Assumes that the sample variances are the variants' own.
 */
export function pairingGain(
  baseline: readonly number[],
  challenger: readonly number[],
  differences: readonly number[],
): Computed<{ readonly factor: number; readonly unpairedSeeds: number }> {
  if (differences.length < 2) {
    return notComputable(`a variance needs at least 2 pairs, and there are ${differences.length}`);
  }
  if (isConstant(differences)) return notComputable('all differences are equal');
  const scale = powerOfTwoScale([...baseline, ...challenger]);
  const variance = (values: readonly number[]) => (standardDeviation(values) / scale) ** 2;
  const factor = (variance(baseline) + variance(challenger)) / variance(differences);
  if (!Number.isFinite(factor)) {
    return notComputable('the differences are closer together than numbers can tell');
  }
  // 1e-9: a factor that is whole but for rounding must not cost a seed more.
  return computed({ factor, unpairedSeeds: Math.ceil(factor * differences.length * (1 - 1e-9)) });
}
