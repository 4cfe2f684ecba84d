import { LockstepError } from '../protocol/index.js';
import type {
  EvaluationRecord,
  LogRecord,
  StepRecord,
  TrialEndRecord,
  TrialStartRecord,
  VariantEndRecord,
  VariantStopRecord,
} from '../log/records.js';

/** One trial's log as if it had run undisturbed: what a resume did over is there once. */
export interface TrialHistory {
  readonly start: TrialStartRecord;
  /** Ascending by step, each step once. */
  readonly steps: readonly StepRecord[];
  /** In the log's order, each (step, split, examples) once. */
  readonly evaluations: readonly EvaluationRecord[];
  /** Of the variants that dropped out, in the order in which they did. */
  readonly variantEnds: readonly VariantEndRecord[];
  /** Of the variants whose training early stopping ended. */
  readonly variantStops: readonly VariantStopRecord[];
  /** Absent while the trial runs, and after a crash. */
  readonly end: TrialEndRecord | undefined;
  /** How often the trial was resumed. */
  readonly resumes: number;
}

/**
 * Reads one trial's records. A `trial.resume` at step k takes back the steps and evaluations after
 * k and the earlier end; a record that comes twice counts as it came last.
 * @throws LockstepError `data` when no `trial.start` is among them
 */
export function trialHistory(records: Iterable<LogRecord>): TrialHistory {
  let start: TrialStartRecord | undefined;
  let end: TrialEndRecord | undefined;
  let resumes = 0;
  const steps = new Map<number, StepRecord>();
  const evaluations = new Map<string, EvaluationRecord>();
  const variantEnds = new Map<string, VariantEndRecord>();
  const variantStops = new Map<string, VariantStopRecord>();
  for (const record of records) {
    switch (record.event) {
      case 'trial.start':
        start = record;
        break;
      case 'trial.resume':
        resumes += 1;
        end = undefined;
        forgetAfter(record.step, steps);
        forgetAfter(record.step, evaluations);
        forgetAfter(record.step, variantEnds);
        forgetAfter(record.step, variantStops);
        break;
      case 'step':
        steps.set(record.step, record);
        break;
      case 'evaluation':
        evaluations.set(`${record.step} ${record.split} ${record.examples}`, record);
        break;
      case 'variant.end':
        variantEnds.set(record.variant, record);
        break;
      case 'variant.stop':
        variantStops.set(record.variant, record);
        break;
      case 'trial.end':
        end = record;
        break;
      case 'checkpoint':
        break;
    }
  }
  if (!start) {
    throw new LockstepError('data', 'Expected a trial.start record in the log, got none', {
      hint: 'The log is empty or its beginning is lost; run the trial again.',
    });
  }
  return {
    start,
    steps: [...steps.values()].sort((a, b) => a.step - b.step),
    evaluations: [...evaluations.values()],
    variantEnds: [...variantEnds.values()],
    variantStops: [...variantStops.values()],
    end,
    resumes,
  };
}

function forgetAfter(step: number, records: Map<unknown, { readonly step: number }>): void {
  for (const [key, record] of records) if (record.step > step) records.delete(key);
}

/**
 * Collects what a result is made of, in constant memory: all records but steps, and the last step, in order.
 * @param records what it begins with
 */
export function lastingRecords(records: readonly LogRecord[] = []) {
  const kept: LogRecord[] = [];
  let lastStep = -1;
  const add = (record: LogRecord) => {
    if (record.event === 'step') {
      if (lastStep >= 0) kept.splice(lastStep, 1);
      lastStep = kept.length;
    }
    kept.push(record);
  };
  records.forEach(add);
  return { records: kept, add };
}
