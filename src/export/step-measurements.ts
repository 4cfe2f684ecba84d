import { fromScores } from '../log/records.js';
import type { EvaluationRecord, LogRecord, StepRecord } from '../log/records.js';
import type { SplitName } from '../protocol/index.js';
import type { Scores } from '../metrics/scores.js';

/** All that was measured of one variant after one step; numbers may be NaN or infinite. */
export interface StepMeasurements {
  readonly variant: string;
  readonly step: number;
  readonly epoch: number;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** On the minibatch. */
  readonly scores: Scores;
  readonly trainMs: number;
  readonly evalMs: number;
  /** Of the step's update, where a schedule changes it. */
  readonly learningRate?: number | undefined;
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
    scores: fromScores(measured.scores),
    trainMs: measured.trainMs,
    evalMs: measured.evalMs,
    learningRate: measured.learningRate,
    splits: Object.fromEntries(
      Object.entries(evaluations).flatMap(([split, variants]) => {
        const own = variants[variant];
        return own === undefined ? [] : [[split, fromScores(own.scores)] as const];
      }),
    ),
  }));
}
