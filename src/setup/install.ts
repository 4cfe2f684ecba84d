import { lstat, mkdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bindingPath, stampPath, type NativeStamp } from '../engines/native.js';
import { LockstepError } from '../protocol/index.js';
import { replaceFile, type Library } from './build.js';

/**
 * Puts a built binding and a link to its library into the package. Every step replaces one name
 * atomically, and the stamp comes last: an interrupted installation counts as none and is repeated.
 */
export async function installBinding(
  packageRoot: string,
  built: string,
  library: Library,
  stamp: NativeStamp,
): Promise<void> {
  await removeStamp(packageRoot);
  const libraries = join(packageRoot, 'deps', 'lib');
  await mkdir(dirname(libraries), { recursive: true });
  await replaceLink(library.libraries, libraries);
  const binding = bindingPath(packageRoot);
  await mkdir(dirname(binding), { recursive: true });
  await replaceFile(built, binding);
  await writeStamp(packageRoot, stamp);
}

export async function removeStamp(packageRoot: string): Promise<void> {
  await rm(stampPath(packageRoot), { force: true });
}

export async function writeStamp(packageRoot: string, stamp: NativeStamp): Promise<void> {
  const file = stampPath(packageRoot);
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(stamp, null, 2)}\n`);
  await rename(temporary, file);
}

/** Removes the binding again, so that an installation that failed its proof is never used. */
export async function removeBinding(packageRoot: string): Promise<void> {
  await rm(bindingPath(packageRoot), { force: true });
  await removeStamp(packageRoot);
}

async function replaceLink(target: string, link: string): Promise<void> {
  try {
    const current = await lstat(link);
    if (current.isSymbolicLink() && (await readlink(link)) === target) return;
    // A folder cannot be replaced by renaming a link over it; the official prebuilt leaves one.
    if (current.isDirectory()) await rm(link, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new LockstepError('worker', `Expected to be able to replace ${link}.`, {
        cause: error,
        hint: 'Check who owns node_modules, and run setup as the same user.',
      });
    }
  }
  const temporary = `${link}.${process.pid}.tmp`;
  await symlink(target, temporary, 'dir');
  await rename(temporary, link);
}
