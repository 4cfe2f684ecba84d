import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { isFile } from './read.js';

/** A list that `sha256sum -c` reads, in the folder of the files it lists. */
export const checksumsName = 'SHA256SUMS';

/** SHA-256 in 64 lower-case hexadecimal digits, by path relative to the list's folder. */
export type Checksums = ReadonlyMap<string, string>;

/** A line a file, as `sha256sum` writes them, in the order of the paths' UTF-16 code units. */
export function formatChecksums(sums: Checksums): string {
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sum]) => `${sum}  ${path}\n`)
    .join('');
}

/** @returns undefined unless the text is, to the byte, what {@link formatChecksums} writes */
export function parseChecksums(text: string): Checksums | undefined {
  const sums = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    if (match === null) return undefined;
    sums.set(match[2]!, match[1]!);
  }
  return formatChecksums(sums) === text ? sums : undefined;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Undefined where there is no file. Reads in pieces, so a file may be larger than memory. */
export async function sha256File(path: string): Promise<string | undefined> {
  if (!(await isFile(path))) return undefined;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
