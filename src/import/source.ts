import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { cannotRead } from '../files/read.js';
import { readRows } from '../data/csv/read-rows.js';
import type { Row } from '../data/csv/read-rows.js';
import { LockstepError } from '../protocol/index.js';

/** A file that results are read from. */
export interface SourceFile {
  /** Relative to the source's folder, with `/`. */
  readonly name: string;
  /** As errors call it. */
  readonly path: string;
  readonly content: Buffer;
}

/** What is imported: a file, or all that matters in a folder. */
export interface Source {
  /** As the user named it. */
  readonly path: string;
  /** In the order of their names; at least one. */
  readonly files: readonly SourceFile[];
}

/** A CSV file's rows. */
export interface Table {
  readonly path: string;
  /** At least one column. */
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** Files that some format reads; a folder may hold checkpoints and pictures beside them. */
const ofInterest = /(\.csv|hparams\.yaml|tfevents[^/]*)$/;

/**
 * @param path where it is
 * @param shown as the user named it
 * @throws LockstepError `usage` where there is nothing, `data` where there is nothing to import or it cannot be read
 */
export async function readSource(path: string, shown: string): Promise<Source> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new LockstepError(
      'usage',
      `${shown}: expected a file or a folder of results, found none`,
      {
        cause,
      },
    );
  });
  if (!stats.isDirectory()) {
    const content = await read(path);
    return { path: shown, files: [{ name: basename(path), path: shown, content }] };
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && ofInterest.test(entry.name))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
  if (names.length === 0) {
    throw new LockstepError(
      'data',
      `${shown}: expected CSV files or event files of TensorBoard in the folder, found none`,
      { hint: 'Name the folder that holds the folders of the runs.' },
    );
  }
  const files: SourceFile[] = [];
  for (const name of names) {
    files.push({ name, path: join(shown, name), content: await read(join(path, name)) });
  }
  return { path: shown, files };
}

/** The folder that a file is in, relative to the source's; `.` for that itself. */
export function folderOf({ name }: SourceFile): string {
  return dirname(name);
}

/** @throws LockstepError `data` with file and line for what is no CSV */
export function readTable({ path, content }: SourceFile, delimiter: string): Table {
  const rows: Row[] = [];
  const options = { unnamedFirst: true, setting: '--delimiter' };
  const header = readRows({ path, content }, delimiter, (row) => void rows.push(row), options);
  return { path, header, rows };
}

/** The names of a CSV file's columns as far as its first line tells; none for another kind of file. */
export function headerOf({ name, content }: SourceFile, delimiter: string): readonly string[] {
  if (!name.endsWith('.csv')) return [];
  const end = content.indexOf('\n');
  const first = end < 0 ? content : content.subarray(0, end + 1);
  try {
    return readTable({ name, path: name, content: first }, delimiter).header;
  } catch {
    // The whole file is read later, and says what is wrong with it.
    return [];
  }
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
}
