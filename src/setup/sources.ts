import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LockstepError } from '../protocol/index.js';
import type { Library } from './build.js';
import type { CacheLayout } from './cache.js';
import { requireFreeDisk } from './disk.js';
import type { ReportSetup } from './events.js';
import { libraryIn, unpackAll } from './fetch.js';
import type { LibraryPlan } from './library.js';
import { libraryFolder } from './cache.js';

/** A library that users bring themselves, and its name in the cache. */
export interface BroughtLibrary {
  readonly library: Library;
  readonly key: string;
}

/**
 * The library in a folder: a `tensorflow` package as pip installs it (used where it is), or wheels
 * (unpacked into the cache).
 * @throws {LockstepError} `usage` when neither is there, `data` when a pinned wheel's hash is wrong
 */
export async function libraryFromFolder(
  folder: string,
  plan: LibraryPlan,
  cache: CacheLayout,
  report: ReportSetup,
  signal?: AbortSignal,
): Promise<BroughtLibrary> {
  const root = resolve(folder);
  const installed = libraryIn(root);
  if (existsSync(join(installed.libraries, 'libtensorflow_cc.so.2'))) {
    return { library: installed, key: `directory-${root}` };
  }
  const wheels = await wheelsIn(root);
  if (wheels.length === 0) {
    throw new LockstepError(
      'usage',
      `Expected a TensorFlow wheel or a folder tensorflow/ with libtensorflow_cc.so.2 in ${root}, got neither.`,
      { hint: 'Fetch one with `pip download --no-deps tensorflow-cpu`.' },
    );
  }
  const digests = await Promise.all(wheels.map((wheel) => sha256(wheel)));
  checkPins(wheels, digests, plan);
  const key = `directory-${createHash('sha256').update(digests.join()).digest('hex').slice(0, 16)}`;
  const target = libraryFolder(cache, key);
  if (!existsSync(target)) {
    await requireFreeDisk(cache.root, plan.unpackedSize);
    const staging = join(cache.staging, 'library');
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    report({ kind: 'stage', stage: 'unpack', text: `what is needed of the wheels in ${root}` });
    await unpackAll(wheels, staging, plan.unpackedSize, report, signal);
    await rename(staging, target);
  }
  return { library: libraryIn(target), key };
}

async function wheelsIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    const wheels = names.filter((name) => /^(tensorflow|nvidia_).*\.whl$/.test(name));
    return wheels.sort().map((name) => join(folder, name));
  } catch (cause) {
    throw new LockstepError('usage', `Expected --from to name a folder, got ${folder}.`, { cause });
  }
}

function checkPins(wheels: readonly string[], digests: readonly string[], plan: LibraryPlan): void {
  wheels.forEach((wheel, index) => {
    const name = basename(wheel);
    const pinned = [plan.wheel, ...plan.extraWheels].find(
      ({ project, version, tags }) =>
        name.startsWith(`${project.replaceAll('-', '_')}-${version}-`) &&
        (tags.abi === 'none' || name.includes(tags.abi)) &&
        tags.platforms.some((platform) => name.includes(platform)),
    );
    if (pinned === undefined || pinned.sha256 === digests[index]) return;
    throw new LockstepError(
      'data',
      `Expected ${name} to have SHA-256 ${pinned.sha256}, got ${digests[index]!}.`,
      { hint: 'The file is damaged or not the published one: fetch it again.' },
    );
  });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
