import { buffer } from 'node:stream/consumers';
import type { z } from 'zod';
import { parseJson } from '../files/read.js';
import type { JsonFile } from '../files/read.js';
import { streamAtomic } from '../files/write-atomic.js';
import { requireName } from './store.js';
import type { Store } from './store.js';

/** An object's bytes, at once in memory; undefined where there is none. */
export async function getBytes(store: Store, name: string): Promise<Buffer | undefined> {
  const stream = await store.get(name);
  return stream && buffer(stream);
}

/** {@link getBytes} as UTF-8. */
export async function getText(store: Store, name: string): Promise<string | undefined> {
  return (await getBytes(store, name))?.toString('utf8');
}

/**
 * An object that Lockstep wrote as JSON, checked.
 * @throws LockstepError `data` naming the object, and the key that is wrong
 */
export async function getJson<Schema extends z.ZodType>(
  store: Store,
  name: string,
  file: JsonFile<Schema>,
): Promise<z.output<Schema> | undefined> {
  const text = await getText(store, name);
  return text === undefined ? undefined : parseJson(text, `${store.url}/${name}`, file);
}

/**
 * Copies objects, one after the other, into one file, which is there whole or not at all.
 * @returns whether all objects were there
 * @throws LockstepError as a store does, `disk` where the file cannot be written
 */
export async function download(
  store: Store,
  names: readonly string[],
  path: string,
): Promise<boolean> {
  for (const name of names) requireName(name);
  let isWhole = true;
  const pieces = async function* () {
    for (const name of names) {
      const stream = await store.get(name);
      if (stream === undefined) throw new Missing();
      yield* stream as AsyncIterable<Uint8Array>;
    }
  };
  try {
    await streamAtomic(path, pieces());
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof Missing)) throw error;
    isWhole = false;
  }
  return isWhole;
}

/** Ends the copying of objects of which one is not there. */
class Missing extends Error {}
