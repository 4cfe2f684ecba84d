import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import type { CacheLayout } from './cache.js';
import type { Wheel } from './pip.js';
import { downloadWheels, type DownloadOptions, type Pip } from './pip.js';
import { works } from './process.js';
import { unpackWheel } from './unpack.js';

/** A C++17 compiler: a program and the arguments that come before all others. */
export interface Compiler {
  readonly program: string;
  readonly leading: readonly string[];
  /** Its name for people. */
  readonly name: string;
}

/** `$CXX`, else the first of the usual names that can be started; undefined when there is none. */
export async function findCompiler(signal?: AbortSignal): Promise<Compiler | undefined> {
  const named = process.env.CXX;
  const candidates = [...(named === undefined ? [] : [named]), 'c++', 'g++', 'clang++'];
  for (const program of candidates) {
    if (await works(program, ['--version'], signal)) {
      return { program, leading: [], name: program };
    }
  }
  return undefined;
}

/** Zig is a whole C++ compiler in one wheel, for machines without one. */
const zigVersion = '0.15.2';
const zigWheels: Readonly<Record<string, Wheel>> = {
  x64: {
    project: 'ziglang',
    version: zigVersion,
    tags: { python: '3.12', abi: 'none', platforms: ['manylinux_2_12_x86_64'] },
    sha256: '806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130',
    size: 97_000_000,
  },
  arm64: {
    project: 'ziglang',
    version: zigVersion,
    tags: { python: '3.12', abi: 'none', platforms: ['manylinux_2_17_aarch64'] },
    sha256: 'edc0aa60ec964a4cf462d40f68d7de242ddf37fd9a80f2afaee6397059463230',
    size: 93_000_000,
  },
};

/**
 * Zig's compiler from PyPI, kept in the cache.
 * @throws {LockstepError} `usage` where Zig has no wheel, `worker` when the download fails
 */
export async function fetchZig(
  cache: CacheLayout,
  findPip: () => Promise<Pip>,
  arch: string,
  options: DownloadOptions = {},
): Promise<Compiler> {
  const folder = join(cache.root, `zig-${zigVersion}-${arch}`);
  const program = join(folder, 'ziglang', 'zig');
  if (!existsSync(program)) {
    const wheel = zigWheels[arch];
    if (wheel === undefined) {
      throw new LockstepError(
        'usage',
        'Expected a C++ compiler as c++, g++ or clang++, got none.',
        {
          hint: 'Install g++ or clang, or name a compiler with CXX.',
        },
      );
    }
    const staging = join(cache.staging, 'zig');
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    const [file] = await downloadWheels(await findPip(), [wheel], join(staging, 'wheel'), options);
    const unpacked = join(staging, 'files');
    await unpackWheel(file!, unpacked, (name) => name.startsWith('ziglang/'), {
      signal: options.signal,
    });
    await chmod(join(unpacked, 'ziglang', 'zig'), 0o755);
    await rename(unpacked, folder);
  }
  // Not for this very processor: several machines may share a home folder.
  return { program, leading: ['c++', '-mcpu=baseline'], name: `Zig ${zigVersion}` };
}
