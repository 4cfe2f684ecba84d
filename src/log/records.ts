import type { z } from 'zod';
import type { recordSchema } from './record-schema.js';

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** One line of a trial's log; `record-schema.ts` describes every field. */
export type LogRecord = DeepReadonly<z.output<typeof recordSchema>>;
export type LogEvent = LogRecord['event'];

type RecordOf<Event extends LogEvent> = Extract<LogRecord, { readonly event: Event }>;
export type TrialStartRecord = RecordOf<'trial.start'>;
export type TrialResumeRecord = RecordOf<'trial.resume'>;
export type StepRecord = RecordOf<'step'>;
export type EvaluationRecord = RecordOf<'evaluation'>;
export type CheckpointRecord = RecordOf<'checkpoint'>;
export type VariantStopRecord = RecordOf<'variant.stop'>;
export type VariantEndRecord = RecordOf<'variant.end'>;
export type TrialEndRecord = RecordOf<'trial.end'>;
export type Outcome = TrialEndRecord['outcome'];

/** What every record has. */
export type RecordBase = Pick<
  LogRecord,
  'level' | 'time' | 'schemaVersion' | 'runId' | 'trial' | 'seed' | 'seq'
>;

/** What a record says of one variant on some examples. */
export type RecordedScores = EvaluationRecord['variants'][string];

/** One int32 seed, or one per variant name where the stream is independent. */
export type StreamSeed = TrialStartRecord['streams']['init'];

/** JSON has no NaN or infinity, so a non-finite score is spelled out. */
export type Metric = RecordedScores['scores'][string];

/** All events, in the order of a trial. */
export const events = [
  'trial.start',
  'trial.resume',
  'step',
  'evaluation',
  'checkpoint',
  'variant.end',
  'variant.stop',
  'trial.end',
] as const satisfies LogEvent[];

/** Spells a number so that JSON keeps it. */
export function toMetric(value: number): Metric {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** The number a {@link Metric} stands for; NaN where there is none. */
export function fromMetric(metric: Metric | undefined): number {
  return Number(metric);
}

/** All scores as numbers, by metric. */
export function fromScores(scores: RecordedScores['scores']): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, Number(value)]));
}

/** All scores as a log spells them, by metric. */
export function toScores(scores: Readonly<Record<string, number>>): Record<string, Metric> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, toMetric(value)]));
}
