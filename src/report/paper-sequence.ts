import { count } from '../text/numbers.js';
import type { ReportComparison, ReportDocument } from './report-schema.js';
import { boundaryText } from './sequence-text.js';

type Comparisons = ReportDocument['comparisons'];
type Sequential = NonNullable<ReportComparison['sequential']>;

/** How a run was decided in sequence; undefined for any other. */
export function sequentialOf(comparisons: Comparisons): Sequential | undefined {
  return comparisons[0]?.sequential;
}

/** How many pairs there are, and how that came about. */
export function sequentialPairsClause({ method, cap, every }: Sequential): string {
  if (method === 'evidence') {
    return ', a number that was not fixed before: pairs were added until the evidence decided';
  }
  return `, a number that was not fixed before: pairs were added, up to ${cap}, until a look decided, ${every === 1 ? 'one after every pair' : `one every ${count(every, 'pair')}`} from the first that can`;
}

/** What the interval of the mean difference is. */
export function sequentialIntervalText({ method }: Sequential): string {
  return method === 'evidence'
    ? 'has the values of the mean that the evidence does not speak against, and holds at all numbers of pairs together'
    : 'is the mean ± the critical t of the stopping boundary times its standard error, and holds at all looks together; a mean that stopped a run is biased outward';
}

/** What decided. */
export function sequentialTestsSentence({ method, alpha }: Sequential): string {
  if (method === 'evidence') {
    return `A difference counts once an e-process for differences that are symmetric around 0 reaches ${Math.ceil(1 / alpha)}, which has a probability of ${Number(alpha.toPrecision(3))} at most under the null hypothesis, whenever one stops.`;
  }
  return `A difference counts where a group-sequential t test (Lan and DeMets spending, in proportion to the pairs, of alpha = ${Number(alpha.toPrecision(3))}) and the sequential two-sided sign-flip test, which assumes symmetric differences only, both cross their boundaries at the same look.`;
}

/** How the error is kept over several comparisons. */
export function sequentialCorrectionSentence({ comparisons }: Sequential): string {
  return comparisons > 1
    ? `Alpha was divided equally among the ${comparisons} comparisons.`
    : 'There is one comparison.';
}

/** The last look, in place of a p value. */
export function lastLookText({ looks, alpha }: Sequential): string {
  const last = looks.at(-1);
  return last === undefined ? 'no look yet' : boundaryText(last, alpha);
}
