import writeFileAtomic from 'write-file-atomic';
import { LockstepError } from '../protocol/index.js';

/**
 * Writes a file whole under a temporary name, syncs it and renames it into place.
 * @throws LockstepError `worker` when the disk refuses; an existing file is then untouched
 */
export async function writeAtomic(path: string, content: string | Buffer): Promise<void> {
  try {
    await writeFileAtomic(path, content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LockstepError('worker', `cannot write ${path}: ${reason}`, {
      cause,
      hint: 'Free disk space, or choose a writable folder with --out.',
    });
  }
}

/** As {@link writeAtomic}, of a value as indented JSON. */
export function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  return writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
