import { fromMetric, toMetric } from '../log/records.js';
import type { Metric } from '../log/records.js';
import type { SplitName } from '../protocol/index.js';
import type { TrialHistory } from './trial-history.js';

/** @typeParam Value `number`, or {@link Metric} where JSON must keep it */
export interface Scores<Value = number> {
  /** Mean softmax cross-entropy; NaN or infinite when the variant diverged. */
  readonly loss: Value;
  /** Fraction in [0, 1]; NaN when the variant diverged. */
  readonly accuracy: Value;
}

/** Scores on a step's minibatch. */
export interface StepScores<Value = number> extends Scores<Value> {
  readonly step: number;
}

/** Scores on the first `examples` of a split. */
export interface SplitScores<Value = number> extends StepScores<Value> {
  readonly split: SplitName;
  readonly examples: number;
}

/** All that was measured of one variant, or of the difference of two. */
export interface ScoreHistory<Value = number> {
  /** On the last step's minibatch; absent when no step was trained. */
  readonly final?: StepScores<Value>;
  /** In the order they were made. */
  readonly evaluations: readonly SplitScores<Value>[];
}

type Variants = Readonly<Record<string, Scores<Metric>>>;

/** What was measured of one variant. */
export function variantScores(history: TrialHistory, variant: string): ScoreHistory {
  return scoreHistory(history, (variants) => numeric(variants[variant]));
}

/** Challenger - baseline, each pair as measured on the same examples. */
export function scoreDifferences(
  history: TrialHistory,
  challenger: string,
  baseline = history.start.baseline,
): ScoreHistory {
  return scoreHistory(history, (variants) => {
    const ours = numeric(variants[challenger]);
    const theirs = numeric(variants[baseline]);
    if (!ours || !theirs) return undefined;
    return { loss: ours.loss - theirs.loss, accuracy: ours.accuracy - theirs.accuracy };
  });
}

/** The names of the variants that are compared with the baseline, in the trial's order. */
export function challengersOf({ start }: TrialHistory): string[] {
  return Object.keys(start.variants).filter((name) => name !== start.baseline);
}

/** The same history with what is not finite spelled out, as JSON needs it. */
export function spellScores({ final, evaluations }: ScoreHistory): ScoreHistory<Metric> {
  const spell = <T extends Scores>(scores: T) => ({
    ...scores,
    loss: toMetric(scores.loss),
    accuracy: toMetric(scores.accuracy),
  });
  return { ...(final && { final: spell(final) }), evaluations: evaluations.map(spell) };
}

function scoreHistory(
  { steps, evaluations }: TrialHistory,
  pick: (variants: Variants) => Scores | undefined,
): ScoreHistory {
  const last = steps.at(-1);
  const final = last && pick(last.variants);
  return {
    ...(final && { final: { step: last.step, ...final } }),
    evaluations: evaluations.flatMap(({ step, split, examples, variants }) => {
      const scores = pick(variants);
      return scores ? [{ step, split, examples, ...scores }] : [];
    }),
  };
}

function numeric(scores: Scores<Metric> | undefined): Scores | undefined {
  return scores && { loss: fromMetric(scores.loss), accuracy: fromMetric(scores.accuracy) };
}
