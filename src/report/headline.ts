import { count } from '../text/numbers.js';
import type { Decision } from '../statistics/verdict.js';
import { decisions } from '../statistics/verdict.js';
import type { ReportComparison, ReportDocument } from './report-schema.js';
import { effectText } from './effect-text.js';

export interface HeadlineContext {
  /** The baseline's label. */
  readonly baseline: string;
  /** See {@link divergedText}; one a variant that diverged. */
  readonly diverged: readonly string[];
}

/** `C diverged on 2 of 6 seeds` */
export function divergedText(label: string, times: number, all: number, unit: string): string {
  return `${label} diverged on ${times} of ${count(all, unit)}`;
}

/** The verdict in a word, or what stands in its place. */
export function headlineWord({ decision }: Pick<ReportDocument['headline'], 'decision'>): string {
  return decision === 'none' ? 'decomposition of variance' : decision;
}

function withClauses(sentence: string, clauses: readonly string[]): string {
  return [sentence.replace(/\.$/, ''), ...clauses].join('; ') + '.';
}

/**
 * The whole report in one sentence: the verdict's own if there is one comparison, otherwise how many
 * comparisons came out which way, the largest effect among them, and what it would take to decide the rest.
 * @param points labels of the sweep's points
 */
export function headlineOf(
  comparisons: readonly ReportComparison[],
  points: readonly { readonly label: string }[],
  { baseline, diverged }: HeadlineContext,
): ReportDocument['headline'] {
  const [only] = comparisons;
  const provisional = comparisons.some(({ verdict }) => verdict.provisional);
  if (!only) {
    const sentence = 'There is nothing to compare: the run has one variant only.';
    return { decision: 'inconclusive', sentence: withClauses(sentence, diverged), provisional };
  }
  if (comparisons.length === 1) {
    const { decision, sentence } = only.verdict;
    return { decision, sentence: withClauses(sentence, diverged), provisional };
  }
  const counts = decisions
    .map((decision) => ({ decision, times: countOf(comparisons, decision) }))
    .filter(({ times }) => times > 0);
  const outcome = counts.map(({ decision, times }) => `${times} ${decision}`).join(', ');
  const scope =
    points.length > 1
      ? `${count(comparisons.length, 'comparison')} over ${count(points.length, 'point')}`
      : count(comparisons.length, 'challenger');
  const prefix = only.exploratory ? 'Exploratory: of ' : 'Of ';
  return {
    decision: counts.length === 1 ? counts[0]!.decision : 'mixed',
    sentence: withClauses(
      `${prefix}${scope} against ${baseline}, adjusted by Holm's method: ${outcome}${largest(comparisons, points)}${undecided(comparisons)}.`,
      diverged,
    ),
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
