import { LockstepError } from '../protocol/index.js';

/** The error of a file that the disk, or who owns it, does not let Lockstep write. */
export function cannotWrite(path: string, cause: unknown): LockstepError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LockstepError('disk', `cannot write ${path}: ${reason}`, {
    cause,
    hint: 'Free disk space, or choose a writable folder with --out; what was written so far is whole.',
  });
}
