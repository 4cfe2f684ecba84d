import { scoreDifference } from '../metrics/scores.js';
import type { Scored } from '../metrics/scores.js';
import { fromScores, toScores } from '../log/records.js';
import type { Metric, RecordedScores } from '../log/records.js';
import type { SplitName } from '../protocol/index.js';
import type { TrialHistory } from './trial-history.js';

/**
 * What was scored on some examples after a step.
 * @typeParam Value `number`, or {@link Metric} where JSON must keep it
 */
export interface Measurement<Value = number> {
  readonly step: number;
  readonly examples: number;
  readonly scores: Readonly<Record<string, Value>>;
  /** Of shares; absent for differences, and where a variant had diverged. */
  readonly counts?: Scored['counts'];
  /** By metric, the values by class that it averages; only of a variant on a split. */
  readonly perClass?: RecordedScores['perClass'];
}

/** A measurement on the first `examples` of a split. */
export interface SplitMeasurement<Value = number> extends Measurement<Value> {
  readonly split: SplitName;
}

/** All that was measured of one variant, or of the difference of two. */
export interface ScoreHistory<Value = number> {
  /** On the last step's minibatch; absent when no step was trained. */
  readonly final?: Measurement<Value> | undefined;
  /** In the order they were made. */
  readonly evaluations: readonly SplitMeasurement<Value>[];
  /** Of an imported run, by the names of its source: nothing is known of examples and splits. */
  readonly imported?: Readonly<Record<string, Value>> | undefined;
}

/** What was measured of one variant. */
export function variantScores(history: TrialHistory, variant: string): ScoreHistory {
  return scoreHistory(history, (variants) => {
    const recorded = variants[variant];
    return recorded && numeric(recorded);
  });
}

/** Challenger - baseline, each pair as measured on the same examples. */
export function scoreDifferences(
  history: TrialHistory,
  challenger: string,
  baseline = history.start.baseline,
): ScoreHistory {
  return scoreHistory(history, (variants, examples) => {
    const [ours, theirs] = [variants[challenger], variants[baseline]];
    if (!ours || !theirs) return undefined;
    return { scores: scoreDifference(numeric(ours), numeric(theirs), examples) };
  });
}

/** The names of the variants that are compared with the baseline, in the trial's order. */
export function challengersOf({ start }: TrialHistory): string[] {
  return Object.keys(start.variants).filter((name) => name !== start.baseline);
}

/** The same history with what is not finite spelled out, as JSON needs it. */
export function spellScores({ final, evaluations }: ScoreHistory): ScoreHistory<Metric> {
  const spell = <T extends Measurement>(measured: T) => ({
    ...measured,
    scores: toScores(measured.scores),
  });
  return { ...(final && { final: spell(final) }), evaluations: evaluations.map(spell) };
}

type Picked = Pick<Measurement, 'scores' | 'counts' | 'perClass'> | undefined;

function scoreHistory(
  { start, steps, evaluations }: TrialHistory,
  pick: (variants: Readonly<Record<string, RecordedScores>>, examples: number) => Picked,
): ScoreHistory {
  const last = steps.at(-1);
  const final = last && pick(last.variants, start.batchSize);
  return {
    ...(final && { final: { step: last.step, examples: start.batchSize, ...final } }),
    evaluations: evaluations.flatMap(({ step, split, examples, variants }) => {
      const picked = pick(variants, examples);
      return picked ? [{ step, split, examples, ...picked }] : [];
    }),
  };
}

function numeric({ scores, counts, perClass }: RecordedScores) {
  return { scores: fromScores(scores), ...(counts && { counts }), ...(perClass && { perClass }) };
}
