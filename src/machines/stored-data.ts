import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config/schema.js';
import { mnistFolder } from '../data/formats/mnist.js';
import { sha256, sha256File } from '../files/checksums.js';
import { isFile } from '../files/read.js';
import { jsonText } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import { dataSources, filePrefix, ofDataset } from '../run/data-sources.js';
import type { Manifest } from '../run/manifest.js';
import { download, getJson } from '../store/contents.js';
import type { Store } from '../store/store.js';

type Data = Config['data'];

/** Written last, it vouches for the files, which are called `000001` and so on in its order. */
const indexFile = {
  what: 'the list of the files of a dataset',
  version: 1,
  schema: z.strictObject({
    schemaVersion: z.literal(1),
    files: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
  }),
};

/** The folder of a dataset in a store: named after the files' names and MD5s, as the manifest records them. */
function dataName({ config, provenance }: Manifest, data: Data): string {
  const prefix = filePrefix(data, config);
  const lines = ofDataset(provenance.data, data, config).map(
    ({ name, md5 }) => `${md5}  ${name.slice(prefix.length)}\n`,
  );
  return `data/${sha256(lines.sort().join(''))}`;
}

function objectName(folder: string, index: number): string {
  return `${folder}/${String(index + 1).padStart(6, '0')}`;
}

/** Puts the datasets of a run, but those that every installation has, into its store. */
export async function sendData(store: Store, manifest: Manifest): Promise<void> {
  for (const data of dataSources(manifest.config)) {
    if (data.path === undefined) continue;
    const folder = dataName(manifest, data);
    const files: { name: string; sha256: string }[] = [];
    for (const name of await filesToSend(manifest, data, data.path)) {
      const path = join(data.path, name);
      await store.put(objectName(folder, files.length), { path });
      files.push({ name, sha256: (await sha256File(path))! });
    }
    await store.put(`${folder}/index.json`, jsonText({ schemaVersion: 1, files }));
  }
}

/** The recorded files; of a format that records no single files all in the folder that are not hidden. */
async function filesToSend(manifest: Manifest, data: Data, folder: string): Promise<string[]> {
  const { config, provenance } = manifest;
  const prefix = filePrefix(data, config);
  const recorded = ofDataset(provenance.data, data, config);
  const names = recorded.map(({ name }) => name.slice(prefix.length));
  const isThere = await Promise.all(
    names.map((name) => isFile(join(folder, name)).catch(() => false)),
  );
  if (!isThere.includes(false)) return names;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((name) => !/(^|\/)\./.test(name))
    .sort();
}

/**
 * Finds the dataset of a point on this machine, or fetches it from the store.
 * @param asked where a user says that it is
 * @param cache an absolute folder that fetched datasets are kept in
 * @returns its folder; undefined: it is where the run had it
 * @throws LockstepError `usage` where it is nowhere
 */
export async function findData(
  store: Store,
  manifest: Manifest,
  data: Data,
  { asked, cache }: { readonly asked: string | undefined; readonly cache: string },
): Promise<string | undefined> {
  if (asked !== undefined) return asked;
  const { path } = data;
  if (path === undefined) {
    mnistFolder();
    return undefined;
  }
  if (await isFolder(path)) return undefined;
  const name = dataName(manifest, data);
  const fetched = await fetchData(store, name, join(cache, ...name.split('/')));
  if (fetched !== undefined) return fetched;
  throw new LockstepError(
    'usage',
    `expected the dataset of the run in ${path}, in a folder that --data names, or in the store, got none`,
    { hint: 'Copy it to this machine, or make the run with --send-data.' },
  );
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() === true;
}

/** @returns the folder, once it has all files; undefined where the store does not have the dataset */
async function fetchData(store: Store, name: string, folder: string): Promise<string | undefined> {
  if (await isFolder(folder)) return folder;
  const index = await getJson(store, `${name}/index.json`, indexFile);
  if (index === undefined) return undefined;
  const incoming = `${folder}.${process.pid}.tmp`;
  await rm(incoming, { recursive: true, force: true });
  for (const [at, file] of index.files.entries()) {
    const object = objectName(name, at);
    const path = join(incoming, ...file.name.split('/'));
    if (relative(incoming, path).startsWith('..')) {
      throw new LockstepError(
        'data',
        `${store.url}/${name}/index.json: ${file.name} leads out of it`,
      );
    }
    await download(store, [object], path);
    const got = await sha256File(path);
    if (got !== file.sha256) {
      throw new LockstepError(
        'data',
        `${store.url}/${object}: expected SHA-256 ${file.sha256}, got ${got ?? 'none'}`,
      );
    }
  }
  await mkdir(dirname(folder), { recursive: true });
  await rename(incoming, folder).catch(async (error: unknown) => {
    // Another process may have fetched it meanwhile.
    await rm(incoming, { recursive: true, force: true });
    if (!(await isFolder(folder))) throw error;
  });
  return folder;
}
