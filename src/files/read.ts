import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { LockstepError } from '../protocol/index.js';

/** A file's bytes; undefined where there is no file. @throws LockstepError `data` when it cannot be read */
export async function readBytes(path: string): Promise<Buffer | undefined> {
  if (!(await isFile(path))) return undefined;
  return readFile(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
}

/** Like {@link readBytes}, as UTF-8. */
export async function readText(path: string): Promise<string | undefined> {
  return (await readBytes(path))?.toString('utf8');
}

/**
 * Whether there is a file. A run's folder may come from anyone: reading a link to `/dev/zero` in it would never
 * end.
 * @throws LockstepError `data` for what is there but is no file
 */
export async function isFile(path: string): Promise<boolean> {
  const stats = await stat(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw cannotRead(path, error);
  });
  if (stats === undefined || stats.isFile()) return stats !== undefined;
  const kind = stats.isDirectory() ? 'a folder' : 'a device or a pipe';
  throw new LockstepError('data', `${path}: expected a file, got ${kind}`);
}

/** The error for a file that is there but cannot be read. */
export function cannotRead(path: string, cause: unknown): LockstepError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LockstepError('data', `cannot read ${path}: ${reason}`, { cause });
}

/** A kind of JSON file that Lockstep writes. */
export interface JsonFile<Schema extends z.ZodType> {
  /** With its article, for errors: `the manifest of a run`. */
  readonly what: string;
  /** The required value of its key `schemaVersion`, if it has one. */
  readonly version?: number;
  readonly schema: Schema;
}

/**
 * Reads a JSON file that Lockstep wrote, and checks it.
 * @returns undefined where there is no such file
 * @throws LockstepError `data` naming the file, and the key that is wrong
 */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  file: JsonFile<Schema>,
): Promise<z.output<Schema> | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : parseJson(text, path, file);
}

/** Like {@link readJson}, of the file's text. @param place what errors call it */
export function parseJson<Schema extends z.ZodType>(
  text: string,
  place: string,
  { what, version, schema }: JsonFile<Schema>,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw changed(`${place}: expected ${what} in JSON, got ${excerpt(text)}`, cause);
  }
  const got = (value as { readonly schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== undefined && typeof got === 'number' && got !== version) {
    throw new LockstepError(
      'data',
      `${place}: expected schemaVersion ${version}, got ${got}: it was written by another version of Lockstep`,
      { hint: 'Read it with the version that wrote it.' },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw changed(`${place}: ${problemText(parsed.error.issues[0]!)}`, parsed.error);
}

/** Which key is wrong, and how: `trials.3.seed: expected number, got string`. */
export function problemText(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  const message =
    issue.code === 'unrecognized_keys' ? `unknown key ${issue.keys[0]!}` : expectation(issue);
  return path === '' ? message : `${path}: ${message}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  const { message } = issue.code === 'invalid_key' ? issue.issues[0]! : issue;
  const text = message.replace(/^Invalid input: /, '').replace(', received ', ', got ');
  return text.startsWith('expected') ? text : `expected ${text}`;
}

function changed(message: string, cause: unknown): LockstepError {
  return new LockstepError('data', message, {
    cause,
    hint: 'The file was changed after it was written; `lockstep verify` finds what else differs.',
  });
}

function excerpt(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.slice(0, 40));
}
