/**
 * Removes compiled files from `dist` whose source is gone: part of `npm run build`. Without it a deleted
 * test would go on running, and a deleted module could still be imported.
 */
import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the compiler makes of `<name>.ts`. */
const compiled = /\.(js|js\.map|d\.ts)$/;

/**
 * @param root the folder that sources are in, and `dist`
 * @returns the paths of the files removed, relative to `dist`
 */
export async function removeGhosts(root: string): Promise<string[]> {
  const dist = join(root, 'dist');
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const ghosts = entries
    .filter((entry) => entry.isFile() && compiled.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))
    // Bundles have no source of their name.
    .filter((path) => !path.startsWith('bin/'))
    .filter((path) => !existsSync(join(root, path.replace(compiled, '.ts'))));
  for (const path of ghosts) await rm(join(dist, path));
  // The innermost first; those that are not empty stay.
  const paths = folders.map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort((a, b) => b.length - a.length)) {
    await rmdir(path).catch(() => undefined);
  }
  return ghosts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await removeGhosts(fileURLToPath(new URL('../../', import.meta.url)));
}
