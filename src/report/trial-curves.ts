import { fromMetric } from '../log/records.js';
import type { EvaluationRecord, LogRecord, RecordedScores, StepRecord } from '../log/records.js';

/** One quantity of one variant over the steps of one trial. */
export interface Curve {
  /** Ascending. */
  readonly steps: number[];
  /** NaN or infinite where it was not finite. */
  readonly values: number[];
}

/** `minibatch.loss`, `test.accuracy` … by variant. */
export type TrialCurves = ReadonlyMap<string, ReadonlyMap<string, Curve>>;

/**
 * Takes the records of an undisturbed trial one at a time and keeps only its curves: numbers, so that a long
 * log needs little memory.
 */
export async function trialCurves(records: AsyncIterable<LogRecord>): Promise<TrialCurves> {
  const curves = new Map<string, Map<string, Curve>>();
  for await (const record of records) {
    if (record.event === 'step') addScores(curves, 'minibatch', record);
    else if (record.event === 'evaluation') addScores(curves, record.split, record);
  }
  return curves;
}

function addScores(
  curves: Map<string, Map<string, Curve>>,
  place: string,
  { step, variants }: StepRecord | EvaluationRecord,
): void {
  for (const [variant, { scores }] of Object.entries<RecordedScores>(variants)) {
    for (const [score, value] of Object.entries(scores)) {
      const { steps, values } = curveOf(curves, `${place}.${score}`, variant);
      // A resume evaluates its checkpoint's step once more.
      if (steps.at(-1) === step) continue;
      steps.push(step);
      values.push(fromMetric(value));
    }
  }
}

function curveOf(
  curves: Map<string, Map<string, Curve>>,
  quantity: string,
  variant: string,
): Curve {
  let variants = curves.get(quantity);
  if (!variants) curves.set(quantity, (variants = new Map<string, Curve>()));
  let curve = variants.get(variant);
  if (!curve) variants.set(variant, (curve = { steps: [], values: [] }));
  return curve;
}
