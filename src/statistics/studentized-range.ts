import { normalCdf } from './distributions.js';

/** Density of the standard normal. */
function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Beyond this many standard deviations nothing is left of a normal density (1e-33). */
const reach = 12;
const panels = 600;

/**
 * P(the range of `k` independent standard normal numbers > `q`): the upper tail of the studentized range with
 * infinite degrees of freedom, 1 - k ∫ φ(z) (Φ(z) - Φ(z - q))^(k-1) dz.
 *
 * By the trapezoidal rule, which converges exponentially for an integrand that vanishes with all its
 * derivatives at both ends: to 1e-14 with 600 panels.
 * @param k at least 2
 * @param q at least 0
 */
export function studentizedRangeTail(q: number, k: number): number {
  const width = (2 * reach + q) / panels;
  let sum = 0;
  for (let i = 1; i < panels; i += 1) {
    const z = -reach + i * width;
    // Φ(z) - Φ(z - q), of the tails, where they are the smaller numbers.
    const inside = z > q / 2 ? normalCdf(q - z) - normalCdf(-z) : normalCdf(z) - normalCdf(z - q);
    sum += normalDensity(z) * inside ** (k - 1);
  }
  return 1 - k * width * sum;
}

/**
 * The q with P(range > q) = `tail`: the upper quantile of the studentized range with infinite degrees of
 * freedom, as Nemenyi's test needs it. By bisection, to 1e-12.
 * @param tail in [1e-9, 1)
 * @param k at least 2
 */
export function studentizedRangeUpperQuantile(tail: number, k: number): number {
  let [low, high] = [0, 1];
  while (studentizedRangeTail(high, k) > tail) high *= 2;
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentizedRangeTail(middle, k) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
