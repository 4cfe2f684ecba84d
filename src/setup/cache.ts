import { homedir } from 'node:os';
import { join } from 'node:path';

/** Keeps everything downloaded and built, so that `npm ci` costs no second download. */
export interface CacheLayout {
  readonly root: string;
  /** Held by the setup that is running. */
  readonly lock: string;
  /** Unfinished work; safe to delete whenever nobody holds the lock. */
  readonly staging: string;
}

/**
 * `$XDG_CACHE_HOME/lockstep`, `%LOCALAPPDATA%\lockstep` on Windows, else `~/.cache/lockstep`.
 * `$LOCKSTEP_CACHE` names another folder.
 */
export function cacheLayout(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CacheLayout {
  const root = environment.LOCKSTEP_CACHE ?? join(userCache(environment), 'lockstep');
  return { root, lock: join(root, 'setup.lock'), staging: join(root, 'staging') };
}

function userCache(environment: Readonly<Record<string, string | undefined>>): string {
  const folder = environment.XDG_CACHE_HOME;
  if (folder !== undefined && folder !== '') return folder;
  if (process.platform === 'win32' && environment.LOCALAPPDATA !== undefined) {
    return environment.LOCALAPPDATA;
  }
  return join(homedir(), '.cache');
}

/** The unpacked library of {@link import('./library.js').LibraryPlan.key}. */
export function libraryFolder(cache: CacheLayout, key: string): string {
  return join(cache.root, `tensorflow-${key}`);
}
