import type { LiveHeader } from '../live/live-state.js';
import type { LogRecord } from '../log/records.js';

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

/** Where a run shows what happens while it trains. */
export interface Progress {
  /** Takes in a record of a log that is being resumed, without showing it. */
  remember(record: LogRecord): void;
  show(record: LogRecord): void;
  /** A lasting line for people. */
  note(text: string): void;
  /** No process works on a trial any more: it logs nothing further, and may have no `trial.end`. */
  settle(trial: number): void;
  /** Nothing more happens. */
  dispose(): void;
}

export type StartProgress = (header: LiveHeader) => Progress;
