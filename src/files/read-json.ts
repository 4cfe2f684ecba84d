import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { LockstepError } from '../protocol/index.js';

/** A kind of JSON file that Lockstep writes. */
export interface JsonFile<Schema extends z.ZodType> {
  /** With its article, for errors: `the manifest of a run`. */
  readonly what: string;
  /** The required value of its key `schemaVersion`. */
  readonly version: number;
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
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new LockstepError('data', `${path}: expected ${file.what}, got ${message}`, { cause });
  }
  return parseJson(text, path, file);
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
  if (typeof got === 'number' && got !== version) {
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
