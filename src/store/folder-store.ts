import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cannotRead, isFile } from '../files/read.js';
import { cannotWrite, replaceAtomic, syncFolder, writeSynced } from '../files/write-atomic.js';
import { requireName } from './store.js';
import type { Content, Store } from './store.js';

/** Files that are being written, or were when their writer was killed. */
const temporary = /\.(\d+\.\d+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})\.tmp$/;

/**
 * A store in a folder, which may be on a network file system.
 * @param root absolute; made when something is put
 */
export function folderStore(root: string): Store {
  const pathOf = (name: string) => {
    requireName(name);
    return join(root, ...name.split('/'));
  };
  return {
    url: root,

    async get(name): Promise<Readable | undefined> {
      const path = pathOf(name);
      if (!(await isFile(path))) return undefined;
      const file = await open(path).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw cannotRead(path, error);
      });
      return file?.createReadStream();
    },

    put(name, content) {
      return replaceAtomic(pathOf(name), (path) => writeContent(path, content));
    },

    async putOnce(name, content) {
      const path = pathOf(name);
      const whole = `${path}.${randomUUID()}.tmp`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeSynced(whole, content);
        const isMade = await linked(whole, path);
        if (isMade) await syncFolder(dirname(path));
        return isMade;
      } catch (cause) {
        throw cannotWrite(path, cause);
      } finally {
        await rm(whole, { force: true }).catch(() => undefined);
      }
    },

    async list(folder) {
      const start = pathOf(folder);
      const entries = await readdir(start, { recursive: true, withFileTypes: true }).catch(
        (error: unknown) => {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'ENOENT' || code === 'ENOTDIR') return [];
          throw cannotRead(start, error);
        },
      );
      return entries
        .filter((entry) => entry.isFile() && !temporary.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .sort();
    },

    async delete(name) {
      const path = pathOf(name);
      await rm(path, { force: true }).catch((cause: unknown) => {
        throw cannotWrite(path, cause);
      });
    },
  };
}

async function writeContent(path: string, content: Content): Promise<void> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    await writeFile(path, content, { flag: 'wx' });
    return;
  }
  const { path: from, start = 0, end = Infinity } = content;
  if (start >= end) return writeFile(path, '', { flag: 'wx' });
  const range = { start, end: end - 1 };
  await pipeline(createReadStream(from, range), createWriteStream(path, { flags: 'wx' }));
}

/**
 * Links a finished file to a name that is free. A link is made at once or not at all, over NFS too; but there the answer
 * can be lost and the repeated request find the link that the first one made. The count of links then tells.
 */
async function linked(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await stat(existing)).nlink === 2;
  }
}
