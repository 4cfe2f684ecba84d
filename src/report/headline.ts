import { count } from '../text/numbers.js';
import type { Decision } from '../statistics/verdict.js';
import { decisions } from '../statistics/verdict.js';
import type { ReportComparison, ReportDocument } from './report-schema.js';
import { effectText } from './effect-text.js';

/**
 * The whole report in one sentence: the verdict's own if there is one comparison, otherwise how many
 * comparisons came out which way, the largest effect among them, and what it would take to decide the rest.
 * @param points labels of the sweep's points
 */
export function headlineOf(
  comparisons: readonly ReportComparison[],
  points: readonly { readonly label: string }[],
  baseline: string,
): ReportDocument['headline'] {
  const [only] = comparisons;
  const provisional = comparisons.some(({ verdict }) => verdict.provisional);
  if (!only) {
    const sentence = 'There is nothing to compare: the run has one variant only.';
    return { decision: 'inconclusive', sentence, provisional };
  }
  if (comparisons.length === 1) {
    return { decision: only.verdict.decision, sentence: only.verdict.sentence, provisional };
  }
  const counts = decisions
    .map((decision) => ({ decision, count: countOf(comparisons, decision) }))
    .filter(({ count }) => count > 0);
  const outcome = counts.map(({ decision, count }) => `${count} ${decision}`).join(', ');
  const scope =
    points.length > 1
      ? `${comparisons.length} comparisons over ${points.length} points`
      : `${comparisons.length} challengers`;
  const prefix = only.exploratory ? 'Exploratory: of ' : 'Of ';
  return {
    decision: counts.length === 1 ? counts[0]!.decision : 'mixed',
    sentence: `${prefix}${scope} against ${baseline}, adjusted by Holm's method: ${outcome}${largest(comparisons, points)}${undecided(comparisons)}.`,
    provisional,
  };
}

function countOf(comparisons: readonly ReportComparison[], decision: Decision): number {
  return comparisons.filter(({ verdict }) => verdict.decision === decision).length;
}

/** Why comparisons are inconclusive, where all have the same reason, and how many seeds would help. */
function undecided(comparisons: readonly ReportComparison[]): string {
  const open = comparisons.filter(({ verdict }) => verdict.decision === 'inconclusive');
  const [because, ...others] = new Set(open.map(({ verdict }) => verdict.because));
  const reason = because != null && others.length === 0 ? `; ${because}` : '';
  const needed = open.flatMap(({ pairsToDecide: { more } }) => (more ? [more] : []));
  if (needed.length === 0) return reason;
  const [fewest, most] = [Math.min(...needed), Math.max(...needed)];
  const range = fewest === most ? '' : `${fewest} to `;
  const which = needed.length < comparisons.length ? `${needed.length} of them` : 'them';
  return `${reason}; about ${range}${count(most, 'more seed')} would decide ${which}`;
}

function largest(
  comparisons: readonly ReportComparison[],
  points: readonly { readonly label: string }[],
): string {
  const size = (c: ReportComparison) =>
    c.values.difference.computable ? Math.abs(c.values.difference.mean) : -1;
  const decided = comparisons.filter(
    ({ verdict: { decision } }) => decision === 'better' || decision === 'worse',
  );
  const [first] = decided.sort((a, b) => size(b) - size(a));
  if (!first) return '';
  const label = points[first.point]?.label ?? '';
  const where = label === '' ? '' : ` at ${label}`;
  return `; the largest difference is ${first.labels.challenger}'s ${effectText(first)}${where}`;
}
