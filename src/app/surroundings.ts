import type { LogRecord } from '../log/records.js';
import type { Manifest, Trial } from '../run/manifest.js';

/** What a command needs of the process it runs in, as arguments. */
export interface Surroundings {
  /** Aborted: finish the step, checkpoint and end. */
  readonly stop: AbortSignal;
  /** The folder that relative paths start from, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
}

/** What is shown while it trains. */
export interface ProgressPlan {
  readonly manifest: Manifest;
  /** Absolute. */
  readonly runFolder: string;
  /** Those of the manifest's trials that are to run now. */
  readonly trials: readonly Trial[];
  /** Trials that run at the same time, at most. */
  readonly jobs: number;
}

/** Where a run shows what happens while it trains. */
export interface Progress {
  /** Takes in a record of a log that is being resumed, without showing it. */
  remember(record: LogRecord): void;
  show(record: LogRecord): void;
  /** A lasting line for people. */
  note(text: string): void;
  /** No process works on a trial any more: it logs nothing further, and may have no `trial.end`. */
  settle(trial: number): void;
  /** Trials that will not run, as where a race has dropped their point; when and why. */
  drop(trials: readonly number[], reason?: string): void;
  /** Nothing more happens. */
  dispose(): void;
}

export type StartProgress = (plan: ProgressPlan) => Progress;
