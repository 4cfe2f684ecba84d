import { totalmem } from 'node:os';
import { LockstepError } from '../protocol/index.js';

/** What this process may have at most, in bytes: all memory of the machine, or of its container. */
function memoryOfMachine(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/**
 * Makes memory that threads share.
 *
 * @param what needs it, for messages
 * @throws LockstepError `data` with its size, when there is not so much memory
 */
export function sharedMemory(bytes: number, what: string): SharedArrayBuffer {
  const limit = memoryOfMachine();
  if (bytes > limit) throw tooLarge(bytes, what, `the ${sizeText(limit)} of this machine`);
  try {
    return new SharedArrayBuffer(bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw tooLarge(bytes, what, 'one array', cause);
  }
}

function tooLarge(bytes: number, what: string, place: string, cause?: unknown): LockstepError {
  return new LockstepError(
    'data',
    `Expected data that fit into ${place}, got ${sizeText(bytes)} (${bytes} bytes) for ${what}.`,
    { hint: 'Data are held in memory whole: keep fewer examples, or smaller ones.', cause },
  );
}

/** For instance `24 GiB`. */
function sizeText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const size = bytes / 1024 ** unit;
  return `${size < 10 ? Number(size.toFixed(1)) : Math.round(size)} ${units[unit]!}`;
}
