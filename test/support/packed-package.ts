import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// The compiled file runs from dist/test/support.
const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Puts exactly the files that `npm pack` would publish into `node_modules/lockstep` under `folder`,
 * and links `packages` of this project beside it.
 */
export async function installPacked(folder: string, packages: readonly string[]): Promise<void> {
  const modules = join(folder, 'node_modules');
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--dry-run', '--json', '--ignore-scripts'],
    { cwd: root, maxBuffer: 1 << 24, shell: process.platform === 'win32' },
  );
  const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { path: string }[] }];
  for (const { path } of files) {
    await cp(join(root, path), join(modules, 'lockstep', path), { recursive: true });
  }
  // Its own dependencies, where npm would put those that it does not share.
  await symlink(join(root, 'node_modules'), join(modules, 'lockstep/node_modules'), 'junction');
  for (const name of packages) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
}
