import { join } from 'node:path';
import { checksumsName, parseChecksums, sha256File } from '../files/checksums.js';
import { readText } from '../files/read.js';
import type { Findings, Place } from './findings.js';

/** A folder's `SHA256SUMS`, compared; each file's difference is reported when the file is checked. */
export interface ComparedChecksums {
  /** Whether there is a list. */
  readonly sealed: boolean;
  /** Reports the file's difference, if it has one that is not reported yet. */
  report(file: string): void;
  reportRest(): void;
}

/** Checksums of different files have few digits in common: if most are the same, the list is damaged. */
function isNearly(recorded: string, actual: string): boolean {
  const same = Array.from(recorded).filter((digit, i) => digit === actual[i]).length;
  return same >= recorded.length / 2;
}

/**
 * Hashes every file that a folder's list names, or should name. Other names are ignored: a list
 * can come from anywhere.
 * @param due files that are there and must be listed, relative to the folder
 * @param belongs whether the folder's list can have a file
 * @param at the place of one of the folder's files
 */
export async function compareChecksums(
  folder: string,
  due: readonly string[],
  belongs: (file: string) => boolean,
  at: (file: string) => Place,
  findings: Findings,
): Promise<ComparedChecksums> {
  const problems = new Map<string, () => void>();
  const text = await readText(join(folder, checksumsName)).catch(() => undefined);
  const sums = text === undefined ? undefined : parseChecksums(text);
  if (text !== undefined && sums === undefined) {
    problems.set(checksumsName, () => {
      findings.differ(at(checksumsName), 'file', 'sorted lines as sha256sum writes them', text);
    });
  }
  for (const file of sums === undefined ? [] : new Set([...due, ...sums.keys()])) {
    if (!belongs(file)) {
      problems.set(file, () => {
        findings.differ(at(checksumsName), 'lines', 'only files that belong to the folder', file);
      });
      continue;
    }
    const recorded = sums?.get(file);
    const actual = await sha256File(join(folder, file)).catch(() => undefined);
    findings.count('files hashed');
    if (recorded === actual) continue;
    problems.set(file, () => {
      if (recorded === undefined) {
        findings.differ(at(checksumsName), 'lines', `one for ${file}`, undefined);
      } else if (actual === undefined) {
        findings.differ(at(file), 'file', `one with SHA-256 ${recorded}`, 'none');
      } else if (isNearly(recorded, actual)) {
        findings.differ(at(checksumsName), `SHA-256 of ${file}`, actual, recorded);
      } else {
        findings.differ(at(file), `SHA-256 in ${at(checksumsName).file}`, recorded, actual);
      }
    });
  }
  const report = (file: string) => {
    problems.get(file)?.();
    problems.delete(file);
  };
  return {
    sealed: text !== undefined,
    report,
    reportRest() {
      for (const file of [...problems.keys()]) report(file);
    },
  };
}
