import { expect } from 'chai';

/**
 * Expects two lists of numbers to be equal within a part of the expected list's largest magnitude.
 * @param tolerance for instance 1e-5, what float32 sums of some hundred terms may differ by
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = 'values',
): void {
  expect(actual.length, `length of ${what}`).to.equal(expected.length);
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i += 1) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    const difference = Math.abs(actual[i]! - expected[i]!);
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  }
  expect(worst, `largest difference of ${what}`).to.be.at.most(tolerance * scale);
}
