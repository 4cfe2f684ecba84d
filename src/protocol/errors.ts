/**
 * Stable error codes and the process exit code each one maps to.
 *
 * | code | exit | meaning |
 * | --- | --- | --- |
 * | `bug` | 1 | a fault in Lockstep itself |
 * | `usage` | 2 | a command line, a configuration or an engine request that cannot be honoured |
 * | `module` | 2 | code of the user's, the module of a variant, that threw or gave what its interface does not have |
 * | `data` | 3 | a dataset file that is missing, corrupt or inconsistent |
 * | `diverged` | 4 | a variant's loss became NaN or infinite |
 * | `worker` | 5 | a worker, an engine or a process was lost: the one failure that is worth another try |
 * | `disk` | 5 | a file could not be written: the disk is full or read-only, or the folder is somebody else's |
 * | `verification` | 6 | recorded and recomputed facts disagree |
 * | `interrupted` | 130 / 143 | SIGINT / SIGTERM |
 */
export const exitCodes = {
  bug: 1,
  usage: 2,
  module: 2,
  data: 3,
  diverged: 4,
  worker: 5,
  disk: 5,
  verification: 6,
  interrupted: 130,
} as const;

export type ErrorCode = keyof typeof exitCodes;

export interface LockstepErrorOptions {
  /** What the reader should do next, one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** The key of the configuration at fault, for instance `['network', 'layers', 3]`. */
  readonly path?: readonly PropertyKey[] | undefined;
}

/** The one error class of the project: the message says what was expected and what was got. */
export class LockstepError extends Error {
  override readonly name = 'LockstepError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly path: readonly PropertyKey[] | undefined;

  constructor(code: ErrorCode, message: string, options: LockstepErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.path = options.path;
  }
}

/** A {@link LockstepError} as plain data: what survives a thread or a process boundary. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly stack?: string | undefined;
}

export function serializeError(error: unknown): SerializedError {
  if (error instanceof LockstepError) {
    return { code: error.code, message: error.message, hint: error.hint, stack: error.stack };
  }
  if (error instanceof Error) return { code: 'bug', message: error.message, stack: error.stack };
  return { code: 'bug', message: String(error) };
}

export function deserializeError(error: SerializedError): LockstepError {
  const restored = new LockstepError(error.code, error.message, { hint: error.hint });
  if (error.stack !== undefined) restored.stack = error.stack;
  return restored;
}
