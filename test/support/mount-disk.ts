import { execFileSync } from 'node:child_process';

/** A disk of its own; undefined where this process may not mount one. */
export function mountDisk(folder: string, size: string) {
  const remount = (options: string) => execFileSync('mount', ['-o', `remount,${options}`, folder]);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  return { remount, unmount: () => execFileSync('umount', ['--lazy', folder]) };
}
