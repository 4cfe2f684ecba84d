import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Lockstep's own part of the native binding, in C++; the folder is the same in the sources and in the package. */
const folder = fileURLToPath(
  new URL('../../../workers/engines/tensorflow/native/', import.meta.url),
);

/** Its files' texts by name. */
export function readOwnSources(): Record<string, string> {
  return readTexts(folder);
}

/** The texts of all files of a folder by name. */
export function readTexts(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Names what a binding was built with: another one computes more slowly, or with other last digits. */
export function ownSourcesDigest(): string {
  const hash = createHash('sha256').update(JSON.stringify(readOwnSources()));
  return hash.digest('hex').slice(0, 16);
}
