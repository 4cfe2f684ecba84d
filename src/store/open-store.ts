import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { folderStore } from './folder-store.js';
import { readSecrets } from './secrets.js';
import { requireName } from './store.js';
import type { Store } from './store.js';

/** What opening a store needs of the process. */
export interface StoreSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens a store by what a user wrote: `s3://bucket/prefix`, or a folder.
 * @throws LockstepError `usage` for another kind of address, and where keys are missing
 */
export async function openStore(address: string, { cwd, env }: StoreSurroundings): Promise<Store> {
  const scheme = schemeOf(address);
  if (scheme === undefined) return folderStore(resolve(cwd, address));
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/(.*))?$/.exec(address) ?? [];
  if (bucket === undefined) {
    throw new LockstepError(
      'usage',
      `expected a store, a folder or s3://bucket/prefix, got ${scheme === 's3' ? address : `${scheme}://…`}`,
    );
  }
  const { s3Settings, s3Store } = await import('./s3-store.js');
  const folder = prefix.replace(/\/+$/, '');
  if (folder !== '') requireName(folder);
  return s3Store(s3Settings(bucket, folder, await readSecrets(env)));
}

/** `s3` of `s3://bucket`; undefined for a folder. */
export function schemeOf(address: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1];
}

/** The address of a store inside another. */
export function storeBelow(address: string, name: string): string {
  return `${address.replace(/\/+$/, '')}/${name}`;
}

/** Whether an address is that of a run in a store, and not of an ordinary run's folder. */
export function isRunStore(address: string, cwd: string): boolean {
  return schemeOf(address) !== undefined || existsSync(join(resolve(cwd, address), 'batches'));
}
