import { selectLargest } from './select-largest.js';

/** The sign patterns of a sequence of differences, without those that looks have struck out. */
export interface FlipPath {
  /** Takes in the next pair: its sign is flipped in half of the patterns. @param magnitude of its difference, at least 0 */
  add(magnitude: number): void;
  /**
   * @param threshold a sum from here on counts as at least as extreme as the observed one
   * @returns the share of patterns that were struck out, or whose sum is now at least as extreme
   */
  share(threshold: number): number;
  /**
   * Strikes out the patterns with the largest sums, as many as fit into the error that may be spent up to this look. Equal sums
   * go together, or stay where not all of them fit.
   * @param spent probability of a wrong claim up to this look
   * @param tau sums closer than this are equal
   * @param observed the observed pattern is among those with the largest sums, and goes, too
   */
  strike(spent: number, tau: number, observed: boolean): void;
}

/** How much the sums count: two-sided, their magnitudes; a copy. */
export function sizesOf(sums: Float64Array, sides: 1 | 2): Float64Array {
  const sizes = sums.slice();
  if (sides === 2) for (let i = 0; i < sizes.length; i++) sizes[i] = Math.abs(sizes[i]!);
  return sizes;
}

export function countFrom(sizes: Float64Array, threshold: number): number {
  let count = 0;
  for (const size of sizes) if (size >= threshold) count++;
  return count;
}

/** What keeps rounding from changing how many patterns fit. */
const rounding = 1e-9;

/**
 * Which sums stay where those of the largest sizes go.
 * @param room how many may go; equal ones go together
 * @param tau sizes closer than this are equal
 * @returns their positions; undefined where all stay
 */
export function staying(sizes: Float64Array, room: number, tau: number): Uint32Array | undefined {
  const quota = Math.floor(room + rounding);
  if (quota <= 0 || quota >= sizes.length) return undefined;
  const limit = selectLargest(sizes.slice(), quota) + tau;
  const kept = new Uint32Array(sizes.length);
  let count = 0;
  for (let i = 0; i < sizes.length; i++) if (sizes[i]! <= limit) kept[count++] = i;
  return kept.subarray(0, count);
}

/** The values at some positions. */
export function takeAt(values: Float64Array, positions: Uint32Array): Float64Array {
  const taken = new Float64Array(positions.length);
  for (let i = 0; i < taken.length; i++) taken[i] = values[positions[i]!]!;
  return taken;
}
