import type { Measured } from './metric.js';
import { metricKind } from './registry.js';
import { addSums, numberIn } from '../protocol/sums.js';

/** By metric; NaN or infinite where a variant has diverged. */
export type Scores = Readonly<Record<string, number>>;

/** Whole numbers of examples by the name of their sum, from which shares are made. */
export type Counts = Readonly<Record<string, number>>;

export interface Scored {
  readonly examples: number;
  readonly scores: Scores;
  /** Absent where the loss is not finite: such logits predict nothing. */
  readonly counts?: Counts | undefined;
  /** The values that a metric averages, by metric; absent where there is no such metric, or no counts. */
  readonly perClass?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** Sums over some examples. */
export type Summed = Pick<Measured, 'examples' | 'sums'>;

/** The sums over the examples of both. */
export function addMeasured(a: Summed, b: Summed): Summed {
  return { examples: a.examples + b.examples, sums: addSums(a.sums, b.sums) };
}

/** @param metrics names, `loss` among them */
export function score(metrics: readonly string[], measured: Measured): Scored {
  const { examples, sums } = measured;
  const diverged = !Number.isFinite(numberIn(sums, 'loss'));
  const kinds = metrics.map(metricKind);
  const scores = kinds.map(
    ({ name, value }) => [name, diverged && name !== 'loss' ? NaN : value(measured)] as const,
  );
  const counts = kinds
    .flatMap(({ count }) => [count?.of, count?.among])
    .filter((name) => name !== undefined)
    .map((name) => [name, numberIn(sums, name)] as const)
    // A program's share need not be one of whole examples.
    .filter(([, value]) => Number.isInteger(value));
  const perClass = kinds.flatMap(({ name, perClass }) =>
    perClass === undefined ? [] : [[name, perClass(measured)] as const],
  );
  return {
    examples,
    scores: Object.fromEntries(scores),
    ...(!diverged && { counts: Object.fromEntries(counts) }),
    ...(!diverged && perClass.length > 0 && { perClass: Object.fromEntries(perClass) }),
  };
}

/** The differences of two variants' scores on the same examples. */
type Side = Pick<Scored, 'scores' | 'counts'>;

/**
 * Challenger - baseline on the same `examples`. Shares are subtracted as counts, so that two pairs that
 * differ by as many examples differ by the same double.
 */
export function scoreDifference(challenger: Side, baseline: Side, examples: number): Scores {
  const names = Object.keys(challenger.scores).filter((name) => name in baseline.scores);
  return Object.fromEntries(
    names.map((name) => {
      const { of = '', among } = metricKind(name).count ?? {};
      const [ours, theirs] = [challenger.counts?.[of], baseline.counts?.[of]];
      const all = among === undefined ? examples : baseline.counts?.[among];
      return ours === undefined || theirs === undefined || all === undefined
        ? [name, challenger.scores[name]! - baseline.scores[name]!]
        : [name, (ours - theirs) / all];
    }),
  );
}
