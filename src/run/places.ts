import type { SplitName } from '../protocol/index.js';
import type { Measurement, ScoreHistory } from './measurements.js';

/** Where scores were measured: on the last step's minibatch, or on the first examples of a split. */
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
export function lastMeasured(
  history: ScoreHistory,
  { split, examples }: Place,
): Measurement | undefined {
  if (split === undefined) return history.final;
  return history.evaluations.findLast(
    (evaluation) => evaluation.split === split && evaluation.examples === examples,
  );
}

/** The scores measured at a place, in the order of the measurement. */
export function scoresAt(
  trials: readonly { readonly variants: Readonly<Record<string, ScoreHistory>> }[],
  place: Place,
): string[] {
  const measured = trials
    .flatMap(({ variants }) => Object.values(variants))
    .map((history) => lastMeasured(history, place)?.scores ?? {});
  return [...new Set(measured.flatMap((scores) => Object.keys(scores)))];
}
