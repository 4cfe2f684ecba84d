import type { LogRecord, StepRecord } from '../log/records.js';
import { mean } from '../statistics/moments.js';

/** Where the time of a trial's paired steps went; milliseconds a step, means. */
export interface StepTiming {
  readonly steps: number;
  /** From one step's record to the next: everything. */
  readonly paired: number;
  readonly variants: Readonly<
    Record<string, { readonly train: number; readonly evaluate: number }>
  >;
  /** `paired` minus the slowest variant's own work: batches, messages, digests, joining, the log. */
  readonly orchestration: number;
}

/**
 * Reads timings from a trial's log.
 * @param warmUp first steps to leave out, at least 1: there must be a step before the first counted
 */
export function timingOf(records: readonly LogRecord[], warmUp: number): StepTiming {
  const steps = records.filter((record): record is StepRecord => record.event === 'step');
  if (warmUp < 1 || steps.length <= warmUp) {
    throw new RangeError(`Expected more than ${warmUp} steps, got ${steps.length}.`);
  }
  const counted = steps.slice(warmUp);
  const last = counted.at(-1)!;
  const paired = (last.time - steps[warmUp - 1]!.time) / counted.length;
  const variants: Record<string, { train: number; evaluate: number }> = {};
  for (const name of Object.keys(last.variants)) {
    variants[name] = {
      train: mean(counted.map((step) => step.variants[name]!.trainMs)),
      evaluate: mean(counted.map((step) => step.variants[name]!.evalMs)),
    };
  }
  const slowest = Math.max(...Object.values(variants).map((own) => own.train + own.evaluate));
  return { steps: counted.length, paired, variants, orchestration: paired - slowest };
}
