import type { EngineDescription, ErrorCode, SplitName } from '../protocol/index.js';

export const logSchemaVersion = 1;

/** JSON has no NaN or infinity, so a non-finite metric is spelled out. */
export type Metric = number | 'NaN' | 'Infinity' | '-Infinity';

/** Fields of every record. `seq` counts the records of one trial from 1, without gaps. */
export interface RecordBase {
  readonly level: number;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly schemaVersion: typeof logSchemaVersion;
  readonly runId: string;
  readonly trial: number;
  readonly seed: number;
  readonly seq: number;
}

/** One int32 seed, or one per variant name where the stream is independent. */
export type StreamSeed = number | Readonly<Record<string, number>>;

export interface TrialStartRecord extends RecordBase {
  readonly event: 'trial.start';
  readonly engine: EngineDescription & {
    /** Environment variables set for native code before the trial's process started. */
    readonly environment: Readonly<Record<string, string>>;
  };
  /** SHA-256 of the trial's canonical configuration. */
  readonly configHash: string;
  readonly steps: number;
  readonly batchSize: number;
  readonly baseline: string;
  readonly streams: {
    readonly data: number;
    readonly init: StreamSeed;
    readonly dropout: StreamSeed;
  };
  readonly variants: Readonly<
    Record<
      string,
      {
        readonly label: string;
        /** What the figure's legend says. Absent: `Loss <label>`. */
        readonly legend?: string | undefined;
        readonly parameters: number;
      }
    >
  >;
}

/** The trial goes on after the checkpoint of `step`. */
export interface TrialResumeRecord extends RecordBase {
  readonly event: 'trial.resume';
  readonly step: number;
  /** Newer checkpoints that were not whole, newest first. */
  readonly passedOver?: readonly { readonly step: number; readonly reason: string }[] | undefined;
}

export interface StepVariant {
  /** Mean softmax cross-entropy on the minibatch after the update, in inference mode. */
  readonly loss: Metric;
  /** Fraction in [0, 1], same pass. */
  readonly accuracy: Metric;
  readonly inputDigest: string;
  readonly indicesDigest: string;
  readonly trainMs: number;
  readonly evalMs: number;
}

export interface StepRecord extends RecordBase {
  readonly event: 'step';
  /** Counted from 1. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  readonly batch: { readonly indicesDigest: string };
  readonly variants: Readonly<Record<string, StepVariant>>;
}

export interface EvaluationRecord extends RecordBase {
  readonly event: 'evaluation';
  readonly step: number;
  readonly split: SplitName;
  /** How many examples, from the split's start. */
  readonly examples: number;
  readonly variants: Readonly<Record<string, { readonly loss: Metric; readonly accuracy: Metric }>>;
}

export interface CheckpointRecord extends RecordBase {
  readonly event: 'checkpoint';
  readonly step: number;
  /** Relative to the trial's folder, for instance `checkpoints/step-000050`. */
  readonly path: string;
}

export const outcomes = ['completed', 'diverged', 'failed', 'interrupted'] as const;
export type Outcome = (typeof outcomes)[number];

export interface TrialEndRecord extends RecordBase {
  readonly event: 'trial.end';
  readonly outcome: Outcome;
  /** The last step that was logged. */
  readonly step: number;
  readonly reason?: string | undefined;
  /** What kind of failure it was, where it failed. */
  readonly code?: ErrorCode | undefined;
}

export type LogRecord =
  | TrialStartRecord
  | TrialResumeRecord
  | StepRecord
  | EvaluationRecord
  | CheckpointRecord
  | TrialEndRecord;
export type LogEvent = LogRecord['event'];

/** All events, in the order of a trial. */
export const events = [
  ...(['trial.start', 'trial.resume', 'step', 'evaluation', 'checkpoint', 'trial.end'] as const),
] satisfies LogEvent[];

/** Spells a number so that JSON keeps it. */
export function toMetric(value: number): Metric {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** The number a {@link Metric} stands for. */
export function fromMetric(metric: Metric): number {
  return Number(metric);
}
