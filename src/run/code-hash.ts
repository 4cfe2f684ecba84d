import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** What runs, or is built into what runs; what tells only people or debuggers something is left out. */
const runs = /\.(js|wasm|cc|h)$/;

/**
 * SHA-256, in hexadecimal, of the names and contents of all code in some folders: it tells two versions
 * apart that have one commit, because one of them has changes that are not committed.
 * @param root the folder that names start from
 * @param folders below it
 */
export async function codeHash(root: string, folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true });
    const paths = names.filter((name) => runs.test(name)).map((name) => join(folder, name));
    const files = paths.sort().map(async (path) => {
      const content = await readFile(join(root, path));
      return `${createHash('sha256').update(content).digest('hex')}  ${path.replaceAll(sep, '/')}\n`;
    });
    for (const line of await Promise.all(files)) hash.update(line);
  }
  return hash.digest('hex');
}
