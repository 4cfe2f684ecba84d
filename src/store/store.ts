import type { Readable } from 'node:stream';
import { LockstepError } from '../protocol/index.js';

/** Bytes of a file, from `start` up to `end`, which is left out; by default all. */
export interface FileRange {
  readonly path: string;
  readonly start?: number;
  readonly end?: number;
}

/** What is put: bytes, text as UTF-8, or a file, which is streamed. */
export type Content = Uint8Array | string | FileRange;

/**
 * Where machines share files: objects by name, each whole or not there. A name is made of parts that `/` separates.
 * Every call fails with a LockstepError: `usage` for a name that no store takes and where access is denied, `worker` or
 * `disk` where the store cannot be reached or written, which may pass.
 */
export interface Store {
  /** As users write it, without secrets: an absolute folder, or `s3://bucket/prefix`. */
  readonly url: string;
  /** An object's bytes as a stream; undefined where there is none. */
  get(name: string): Promise<Readable | undefined>;
  /** Makes or replaces an object; readers see the former or the new one. */
  put(name: string, content: Content): Promise<void>;
  /** Makes an object unless there is one, however many try at once. @returns whether this call made it */
  putOnce(name: string, content: Uint8Array | string): Promise<boolean>;
  /** Names of all objects whose name starts with `folder/`, in the order of their UTF-16 code units. */
  list(folder: string): Promise<string[]>;
  /** Removes an object, if there is one. */
  delete(name: string): Promise<void>;
}

/** The most bytes of a name in UTF-8: S3's limit, with room for a prefix. */
const longestName = 800;

/** @throws LockstepError `usage` for a name that could lead out of a store, or that a store cannot have */
export function requireName(name: string): void {
  const parts = name.split('/');
  const isAllowed =
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    !/[\\\p{Cc}\p{Cs}]/u.test(name) &&
    Buffer.byteLength(name) <= longestName;
  if (isAllowed) return;
  throw new LockstepError(
    'usage',
    `expected the name of an object in a store, without empty parts, . and .., got ${JSON.stringify(name.slice(0, 80))}`,
  );
}
