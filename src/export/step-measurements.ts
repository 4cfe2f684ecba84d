import { fromMetric } from '../log/records.js';
import type { EvaluationRecord, LogRecord, Metric, StepRecord } from '../log/records.js';
import type { SplitName } from '../protocol/index.js';
import type { Scores } from '../run/measurements.js';

/** All that was measured of one variant after one step; numbers may be NaN or infinite. */
export interface StepMeasurements extends Scores {
  readonly variant: string;
  readonly step: number;
  readonly epoch: number;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly trainMs: number;
  readonly evalMs: number;
  /** Only the splits that were evaluated after this step. */
  readonly splits: Readonly<Partial<Record<SplitName, Scores>>>;
}

type Evaluations = Record<string, EvaluationRecord['variants']>;

/**
 * Joins a trial's steps with the evaluations after them: for each step its variants, in the log's
 * order. Holds one step at a time.
 */
export async function* stepMeasurements(
  records: AsyncIterable<LogRecord>,
): AsyncGenerator<StepMeasurements> {
  let step: StepRecord | undefined;
  let evaluations: Evaluations = {};
  for await (const record of records) {
    if (record.event === 'step') {
      if (step !== undefined) yield* variantsOf(step, evaluations);
      step = record;
      evaluations = {};
    } else if (record.event === 'evaluation' && record.step === step?.step) {
      evaluations[record.split] = record.variants;
    }
  }
  if (step !== undefined) yield* variantsOf(step, evaluations);
}

function variantsOf(record: StepRecord, evaluations: Evaluations): StepMeasurements[] {
  const { step, epoch, time } = record;
  return Object.entries(record.variants).map(([variant, measured]) => ({
    variant,
    step,
    epoch,
    time,
    ...numeric(measured),
    trainMs: measured.trainMs,
    evalMs: measured.evalMs,
    splits: Object.fromEntries(
      Object.entries(evaluations).flatMap(([split, variants]) => {
        const scores = variants[variant];
        return scores === undefined ? [] : [[split, numeric(scores)] as const];
      }),
    ),
  }));
}

function numeric({ loss, accuracy }: Scores<Metric>): Scores {
  return { loss: fromMetric(loss), accuracy: fromMetric(accuracy) };
}
