import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import type { Library } from './build.js';
import { libraryFolder, type CacheLayout } from './cache.js';
import { gigabytes, requireFreeDisk } from './disk.js';
import type { ReportSetup } from './events.js';
import type { LibraryPlan } from './library.js';
import { downloadWheels, findPip } from './pip.js';
import { unpackWheel } from './unpack.js';

/** Where a wheel's library and headers are, below the folder it was unpacked to. */
export function libraryIn(folder: string): Library {
  const tensorflow = join(folder, 'tensorflow');
  return { libraries: tensorflow, headers: join(tensorflow, 'include') };
}

/** Headers the binding includes, directly or not. */
const headerFolders = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/'];

/** The files of a TensorFlow wheel that the engine needs: the libraries, including CUDA's, and some headers. */
export function isNeeded(name: string): boolean {
  if (/^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/.test(name)) return true;
  if (/^nvidia\/[^/]+\/lib\/[^/]+\.so/.test(name)) return true;
  return headerFolders.some((folder) => name.startsWith(`tensorflow/include/${folder}`));
}

/**
 * The library of a plan, from the cache or from PyPI.
 * @throws {LockstepError} when the disk is full, pip is missing or the download fails
 */
export async function fetchLibrary(
  plan: LibraryPlan,
  cache: CacheLayout,
  report: ReportSetup,
  signal?: AbortSignal,
): Promise<Library> {
  const folder = libraryFolder(cache, plan.key);
  if (existsSync(folder)) {
    report({ kind: 'note', text: `libtensorflow ${plan.version} is in the cache: ${folder}` });
    return libraryIn(folder);
  }
  const wheels = [plan.wheel, ...plan.extraWheels];
  const total = wheels.reduce((sum, wheel) => sum + wheel.size, 0);
  await requireFreeDisk(cache.root, total + plan.unpackedSize);
  const pip = await findPip(signal);
  const staging = join(cache.staging, 'library');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });

  const names = `${plan.wheel.project} ${plan.version}`;
  report({ kind: 'stage', stage: 'download', text: `${names} from PyPI, ${gigabytes(total)}` });
  const files = await downloadWheels(pip, wheels, join(staging, 'wheels'), {
    signal,
    onProgress: (done) => {
      report({ kind: 'progress', stage: 'download', done: Math.min(done, total), total });
    },
  });
  report({ kind: 'stage', stage: 'unpack', text: `what is needed of it, into ${folder}` });
  const unpacked = join(staging, 'files');
  await unpackAll(files, unpacked, plan.unpackedSize, report, signal);
  await rename(unpacked, folder);
  await rm(staging, { recursive: true, force: true });
  return libraryIn(folder);
}

/**
 * Unpacks the files that are needed from the wheels.
 * @throws {LockstepError} `data` when no libtensorflow is among them
 */
export async function unpackAll(
  wheels: readonly string[],
  folder: string,
  total: number,
  report: ReportSetup,
  signal?: AbortSignal,
): Promise<void> {
  let before = 0;
  let last = 0;
  for (const wheel of wheels) {
    let written = 0;
    await unpackWheel(wheel, folder, isNeeded, {
      signal,
      onProgress: (bytes) => {
        written = bytes;
        const done = Math.min(before + bytes, total);
        if (done - last < total / 200) return;
        last = done;
        report({ kind: 'progress', stage: 'unpack', done, total });
      },
    });
    before += written;
  }
  if (!existsSync(join(libraryIn(folder).libraries, 'libtensorflow_cc.so.2'))) {
    throw new LockstepError('data', 'Expected libtensorflow_cc.so.2 in the wheel, got none.', {
      hint: 'Give a TensorFlow 2 wheel for Linux, or leave out --from.',
    });
  }
}
