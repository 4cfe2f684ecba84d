import { count, plural } from '../text/numbers.js';
import type { Computed, Interval } from './computable.js';
import { effectUnit, formatLevel, formatMargin, formatP, formatterFor } from './format-effect.js';
import type { MissingPair, Pairs } from './pairs.js';
import type { SignFlip } from './sign-tests.js';
import { isConstant } from './moments.js';
import { type Direction, type Verdict, sameValues } from './verdict.js';

export interface SentenceInput {
  readonly verdict: Verdict;
  readonly metric: string;
  readonly direction: Direction;
  readonly margin: number;
  readonly labels: { readonly baseline: string; readonly challenger: string };
  readonly pairs: Pairs;
  readonly mean: number | null;
  /** The mean difference's interval at confidence 1 - alpha; `null` if there is none. */
  readonly interval: Interval | null;
  /** At confidence 1 - 2 alpha, which decides equivalence. */
  readonly equivalenceInterval: Interval | null;
  readonly signFlip: Computed<SignFlip>;
  /** Pairs still needed to decide; `null` when unknown. */
  readonly more: number | null;
  /** The metric was not the one fixed before the run. */
  readonly exploratory: boolean;
  /** Of a run that is decided in sequence: whether it goes on, and how the verdict came about. */
  readonly sequential?:
    { readonly interim: boolean; readonly clauses: readonly string[] } | undefined;
}

/**
 * The verdict in one plain sentence of plain text, for instance: SNN beats ReLU by 4.2 points of
 * test accuracy, 95% CI 3.6 to 4.8, 20 of 20 seeds; smallest p attainable with 20 pairs 2e-6.
 *
 * Labels are quoted unchanged; the renderer of the sentence escapes them.
 */
export function verdictSentence(input: SentenceInput): string {
  const clauses = [mainClause(input), ...qualifications(input)];
  const interim = input.sequential?.interim ? 'Interim: ' : '';
  return `${input.exploratory ? 'Exploratory: ' : ''}${interim}${clauses.join('; ')}.`;
}

function mainClause(input: SentenceInput): string {
  const { verdict, labels, mean, direction, interval, equivalenceInterval, margin } = input;
  const { baseline, challenger } = labels;
  const unit = effectUnit(input.metric);
  if (mean === null) {
    return `${challenger} against ${baseline} is inconclusive: no pair of ${unit.metric} values`;
  }
  // Shown the way that makes the winner's number positive: "beats … by" and "loses to … by".
  const towardsChallenger = direction === 'higher' ? 1 : -1;
  const lower = direction === 'lower' ? ' (lower is better)' : '';
  const seeds = (wins: number) => `${wins} of ${count(input.pairs.completed, 'seed')}`;
  const won = (sign: number) => input.pairs.differences.filter((d) => sign * d > 0).length;

  switch (verdict.decision) {
    case 'better': {
      const { value, range } = shown(mean, interval, unit.factor * towardsChallenger, unit.digits);
      const wins = seeds(won(towardsChallenger));
      return `${challenger} beats ${baseline} by ${value} ${unit.phrase}${lower}${range}, ${wins}`;
    }
    case 'worse': {
      const { value, range } = shown(mean, interval, -unit.factor * towardsChallenger, unit.digits);
      const losses = seeds(won(-towardsChallenger));
      return `${challenger} loses to ${baseline} by ${value} ${unit.phrase}${lower}${range}, ${losses}`;
    }
    case 'equivalent': {
      const { value, range } = shown(mean, equivalenceInterval, unit.factor, unit.digits);
      const within = formatMargin(margin, input.metric);
      return `${challenger} and ${baseline} are equivalent to within ${within}: ${challenger} - ${baseline} is ${value}${range}`;
    }
    case 'inconclusive': {
      const { value, range } = shown(mean, interval, unit.factor, unit.digits);
      return `${challenger} against ${baseline} is inconclusive: ${challenger} - ${baseline} is ${value} ${unit.phrase}${lower}${range}, ahead on ${seeds(won(towardsChallenger))}`;
    }
  }
}

function shown(
  mean: number,
  interval: Interval | null,
  factor: number,
  digits: number,
): { value: string; range: string } {
  if (interval === null) {
    return { value: formatterFor(0, [mean * factor], digits)(mean * factor), range: '' };
  }
  const ends = [interval.low * factor, interval.high * factor].sort((a, b) => a - b);
  const format = formatterFor((ends[1]! - ends[0]!) / 2, [mean * factor, ...ends], digits);
  return {
    value: format(mean * factor),
    range: `, ${formatLevel(interval.level)} CI ${format(ends[0]!)} to ${format(ends[1]!)}`,
  };
}

function qualifications(input: SentenceInput): string[] {
  const { verdict, signFlip, more, pairs, labels } = input;
  const clauses: string[] = [];
  if (verdict.because !== null) clauses.push(verdict.because);
  const equal = equalDifferences(input);
  if (equal !== null && verdict.because?.startsWith(equal) !== true) clauses.push(equal);
  if (verdict.decision === 'inconclusive' && more !== null && more > 0) {
    clauses.push(`about ${count(more, 'more seed')} would decide`);
  }
  clauses.push(...(input.sequential?.clauses ?? []));
  if (verdict.comparisons > 1 && input.sequential === undefined) {
    const p = verdict.decision === 'equivalent' ? verdict.pEquivalence : verdict.pDifference;
    const adjusted = p === null ? '' : ` p ${formatP(p)}`;
    clauses.push(`adjusted (Holm) for ${verdict.comparisons} comparisons${adjusted}`);
  }
  if (signFlip.computable) {
    const smallest = formatP(signFlip.smallestP);
    clauses.push(`smallest p attainable with ${count(signFlip.n, 'pair')} ${smallest}`);
  }
  if (pairs.missing.length > 0) {
    clauses.push(
      `${pairs.missing.length} of ${count(pairs.planned, 'planned pair')} missing (${whoIsMissing(pairs.missing, labels)})`,
    );
  }
  const unseeded = pairs.planned - pairs.completed - pairs.missing.length;
  if (unseeded > 0) {
    clauses.push(`${unseeded} of ${count(pairs.planned, 'planned pair')} not run`);
  }
  return clauses;
}

/** Why there is no interval, where all differences are equal. */
function equalDifferences({ pairs }: SentenceInput): string | null {
  if (pairs.completed < 2 || !isConstant(pairs.differences)) return null;
  if (pairs.differences[0] === 0) return sameValues;
  return `the difference is the same in all ${count(pairs.completed, 'pair')}, so its spread is unknown and there is no interval`;
}

function whoIsMissing(missing: readonly MissingPair[], labels: SentenceInput['labels']): string {
  const sides = { baseline: labels.baseline, challenger: labels.challenger, both: 'not completed' };
  return (['baseline', 'challenger', 'both'] as const)
    .map((side) => ({ who: sides[side], pairs: missing.filter((pair) => pair.missing === side) }))
    .filter(({ pairs }) => pairs.length > 0)
    .map(
      ({ who, pairs }) =>
        `${who}: ${plural(pairs.length, 'seed')} ${pairs.map(({ seed }) => seed).join(', ')}`,
    )
    .join('; ');
}
