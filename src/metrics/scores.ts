import type { Sums } from '../protocol/index.js';
import { metricKind } from './registry.js';

/** By metric; NaN or infinite where a variant has diverged. */
export type Scores = Readonly<Record<string, number>>;

/** Whole numbers of examples by the name of their sum, from which shares are made. */
export type Counts = Readonly<Record<string, number>>;

/** Sums over some examples. */
export interface Measured {
  readonly examples: number;
  readonly sums: Sums;
}

export interface Scored {
  readonly examples: number;
  readonly scores: Scores;
  /** Absent where the loss is not finite: such logits predict nothing. */
  readonly counts?: Counts | undefined;
}

/** The sums over the examples of both. */
export function addMeasured(a: Measured, b: Measured): Measured {
  const names = new Set([...Object.keys(a.sums), ...Object.keys(b.sums)]);
  const sums = [...names].map((name) => [name, (a.sums[name] ?? 0) + (b.sums[name] ?? 0)] as const);
  return { examples: a.examples + b.examples, sums: Object.fromEntries(sums) };
}

/** @param metrics names, `loss` among them */
export function score(metrics: readonly string[], { examples, sums }: Measured): Scored {
  const diverged = !Number.isFinite(sums.loss);
  const kinds = metrics.map(metricKind);
  const scores = kinds.map(
    ({ name, value }) => [name, diverged && name !== 'loss' ? NaN : value(sums, examples)] as const,
  );
  const counts = kinds.flatMap(({ count }) =>
    count === undefined ? [] : [[count, sums[count]!] as const],
  );
  return {
    examples,
    scores: Object.fromEntries(scores),
    ...(!diverged && { counts: Object.fromEntries(counts) }),
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
      const { count } = metricKind(name);
      const [ours, theirs] =
        count === undefined ? [] : [challenger.counts?.[count], baseline.counts?.[count]];
      return ours === undefined || theirs === undefined
        ? [name, challenger.scores[name]! - baseline.scores[name]!]
        : [name, (ours - theirs) / examples];
    }),
  );
}
