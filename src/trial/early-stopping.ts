import type { Config } from '../config/schema.js';
import type { EvaluationRecord, LogRecord } from '../log/records.js';
import { fromMetric, toMetric } from '../log/records.js';
import type { RecordFields } from '../log/trial-log.js';
import { metricKind } from '../metrics/registry.js';

type Settings = NonNullable<Config['training']['earlyStopping']>;
type Evaluation = Pick<EvaluationRecord, 'step' | 'split' | 'variants'>;
/** The end of a variant's training, as it is logged. */
export type VariantStop = Extract<RecordFields, { readonly event: 'variant.stop' }>;

interface Course {
  readonly step: number;
  readonly value: number;
  /** Evaluations since then that were no better. */
  readonly waited: number;
}

/**
 * When each variant stops, as far as evaluations were logged: a function of the log alone, so that a resumed
 * trial, and an audit, come to the same.
 */
export interface EarlyStopping {
  /** Takes in an evaluation; of other splits than the metric's, and a second one of a step, it takes none. */
  add(evaluation: Evaluation): void;
  /** The step of a variant's best evaluation; undefined before the first. */
  bestStep(variant: string): number | undefined;
  /** Whether its patience is at an end. */
  isOver(variant: string): boolean;
  /** What to log of a variant that stops after a step. */
  stop(variant: string, step: number): VariantStop;
}

/** @param records of the trial so far */
export function createEarlyStopping(
  { metric, patience, minDelta }: Settings,
  records: readonly LogRecord[] = [],
): EarlyStopping {
  const [split, name] = metric.split('.') as [string, string];
  const sign = metricKind(name).better === 'lower' ? 1 : -1;
  const courses = new Map<string, Course>();
  let lastStep = 0;
  const add = (evaluation: Evaluation): void => {
    if (evaluation.split !== split || evaluation.step <= lastStep) return;
    lastStep = evaluation.step;
    for (const [variant, { scores }] of Object.entries(evaluation.variants)) {
      const value = fromMetric(scores[name]);
      const course = courses.get(variant);
      const isBetter = course === undefined || sign * (course.value - value) > minDelta;
      courses.set(
        variant,
        isBetter
          ? { step: evaluation.step, value, waited: 0 }
          : { ...course, waited: course.waited + 1 },
      );
    }
  };
  const isOver = (variant: string) => (courses.get(variant)?.waited ?? 0) >= patience;
  for (const record of records) if (record.event === 'evaluation') add(record);
  return {
    add,
    isOver,
    bestStep: (variant) => courses.get(variant)?.step,
    stop(variant, step) {
      const { step: bestStep, value } = courses.get(variant)!;
      const why = isOver(variant)
        ? `${metric} did not improve in ${patience} evaluations`
        : 'all steps were made';
      const reason = `${why}; it was best at step ${bestStep}`;
      return { event: 'variant.stop', step, variant, bestStep, best: toMetric(value), reason };
    },
  };
}
