import { normalCdf } from './distributions.js';
import { findRoot } from './find-root.js';
import { gaussLegendre } from './gauss-legendre.js';
import type { Quadrature } from './gauss-legendre.js';

let quadrature: Quadrature | undefined;

/** How many standard deviations below 0 a one-sided path is followed. */
const lowest = 9;

/** The part of the paths that no look has stopped: where their sums are, and the probability mass there. */
interface Survivors {
  /** Pairs so far. */
  readonly n: number;
  readonly sums: Float64Array;
  readonly masses: Float64Array;
}

/** Asked look after look. @returns the critical z at n pairs, where `spent` may be spent up to this look */
type NextZBound = (n: number, spent: number) => number;

/**
 * Critical values of z for a test at several looks that errs with the probabilities it may spend: the sum of n
 * independent standard normal values crosses z × √n at look k or before with probability `spent` at k (the recursion of
 * Armitage, McPherson & Rowe, JRSS A 132, 1969; spending: Lan & DeMets, Biometrika 70, 1983).
 * @param sides 2: |z| at or above the bound is a crossing; 1: z at or above it
 */
export function zRecursion(sides: 1 | 2): NextZBound {
  let survivors: Survivors = { n: 0, sums: Float64Array.of(0), masses: Float64Array.of(1) };
  let before = 0;
  return (n, spent) => {
    const bound = boundOf(survivors, n, (spent - before) / sides);
    const low = sides === 2 ? -bound : -lowest * Math.sqrt(n);
    survivors = goOn(survivors, n, { low, high: bound }, (quadrature ??= gaussLegendre(400)));
    before = spent;
    return bound / Math.sqrt(n);
  };
}

/** The sum that survivors reach at n pairs with the probability `tail`. */
function boundOf({ n: before, sums, masses }: Survivors, n: number, tail: number): number {
  const sd = Math.sqrt(n - before);
  const below = (bound: number) => {
    let crossing = 0;
    for (let i = 0; i < sums.length; i++) {
      crossing += masses[i]! * normalCdf((sums[i]! - bound) / sd);
    }
    return tail - crossing;
  };
  return findRoot(below, -40 * Math.sqrt(n), 40 * Math.sqrt(n));
}

/** Those that stay between the ends at n pairs. */
function goOn(
  { n: before, sums, masses }: Survivors,
  n: number,
  { low, high }: { readonly low: number; readonly high: number },
  { nodes, weights }: Quadrature,
): Survivors {
  const sd = Math.sqrt(n - before);
  const half = (high - low) / 2;
  const next = nodes.map((node) => half * node + (high + low) / 2);
  const density = half / (sd * Math.sqrt(2 * Math.PI));
  const kept = next.map((sum, j) => {
    let mass = 0;
    for (let i = 0; i < sums.length; i++) {
      const z = (sum - sums[i]!) / sd;
      mass += masses[i]! * Math.exp((-z * z) / 2);
    }
    return weights[j]! * density * mass;
  });
  return { n, sums: next, masses: kept };
}
