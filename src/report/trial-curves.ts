import { fromMetric } from '../log/records.js';
import { importedQuantity } from '../metrics/registry.js';
import { readCurvesFile } from '../run/imported-curves.js';
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

/** The curves of an imported trial; none where its source had no steps. */
export async function importedCurves(path: string): Promise<TrialCurves> {
  const file = await readCurvesFile(path);
  const curves = new Map<string, Map<string, Curve>>();
  for (const [metric, variants] of Object.entries(file?.metrics ?? {})) {
    for (const [variant, { steps, values }] of Object.entries(variants)) {
      const curve = curveOf(curves, importedQuantity(metric), variant);
      curve.steps.push(...steps);
      curve.values.push(...values.map(fromMetric));
    }
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
