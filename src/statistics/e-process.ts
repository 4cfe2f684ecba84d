import { findRoot } from './find-root.js';
import { isConstant, mean } from './moments.js';

/** The bets that are averaged over: how strongly each reacts to a difference. */
const bets = [0.5, 1, 2];

/** How many ranges of the differences the ends of an interval are looked for. */
const reach = 1000;

/**
 * The logarithm of the evidence against "every difference is as likely to be theta + x as theta - x": E is the mean over bets c of
 * cosh(c Σx) / Π cosh(c x), where x is a difference from theta over the root of the mean square of those up to it. Under that
 * hypothesis E reaches 1/alpha at any time with a probability of alpha at most (Ville 1939; e-processes: Ramdas, Grünwald, Vovk &
 * Shafer, Statistical Science 38, 2023).
 * @param differences in the order of the pairs
 */
export function logEvidence(differences: readonly number[], theta = 0): number {
  let [squares, total] = [0, 0];
  const logs = bets.map(() => 0);
  differences.forEach((difference, i) => {
    const y = difference - theta;
    squares += y * y;
    const root = Math.sqrt(squares / (i + 1));
    const x = root > 0 ? y / root : 0;
    total += x;
    bets.forEach((bet, k) => (logs[k]! += logCosh(bet * x)));
  });
  const terms = bets.map((bet, k) => logCosh(bet * total) - logs[k]!);
  const largest = Math.max(...terms);
  const sum = terms.reduce((all, term) => all + Math.exp(term - largest), 0);
  return largest + Math.log(sum / bets.length);
}

function logCosh(x: number): number {
  const size = Math.abs(x);
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
}

/**
 * The values of the mean difference that the evidence does not speak against: an interval that covers the centre of symmetric
 * differences at all times together with a probability of 1 - alpha.
 * @returns null where all differences are equal, or too few to bound it
 */
export function evidenceInterval(
  differences: readonly number[],
  alpha: number,
): { readonly low: number; readonly high: number } | null {
  if (differences.length === 0 || isConstant(differences)) return null;
  const excess = (theta: number) => logEvidence(differences, theta) - Math.log(1 / alpha);
  const centre = mean(differences);
  const range = Math.max(...differences) - Math.min(...differences);
  const ends = [-1, 1].map((side) => centre + side * reach * range);
  if (excess(centre) > 0 || ends.some((end) => excess(end) < 0)) return null;
  const [low, high] = ends.map((end) => findRoot(excess, centre, end));
  return { low: low!, high: high! };
}
