import type { SplitName } from '../protocol/index.js';
import type { ScoreHistory, Scores } from './measurements.js';

/** What scores were measured on: the last step's minibatch, or the first examples of a split. */
export interface Place {
  /** Absent: the minibatch. */
  readonly split?: SplitName;
  readonly examples?: number;
}

/** Every place anything was measured on, once, the minibatch first. */
export function placesOf(
  trials: readonly { readonly variants: Readonly<Record<string, ScoreHistory>> }[],
): Place[] {
  const histories = trials.flatMap(({ variants }) => Object.values(variants));
  const places = new Map<string, Place>();
  for (const { evaluations } of histories) {
    for (const { split, examples } of evaluations) {
      places.set(`${split} ${examples}`, { split, examples });
    }
  }
  const minibatch = histories.some(({ final }) => final !== undefined) ? [{}] : [];
  return [...minibatch, ...places.values()];
}

/** The last scores of a place. */
export function lastScores(history: ScoreHistory, { split, examples }: Place): Scores | undefined {
  if (split === undefined) return history.final;
  return history.evaluations.findLast(
    (evaluation) => evaluation.split === split && evaluation.examples === examples,
  );
}
