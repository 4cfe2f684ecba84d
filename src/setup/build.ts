import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import type { CacheLayout } from './cache.js';
import type { Compiler } from './compiler.js';
import { applyPatch, racePatch } from './patch.js';
import { lastLines, runCommand } from './process.js';

/** Folders of a libtensorflow and its headers. */
export interface Library {
  /** Holds `libtensorflow_cc.so.2` and `libtensorflow_framework.so.2`. */
  readonly libraries: string;
  /** Holds `tensorflow/c/c_api.h`. */
  readonly headers: string;
}

/** A binding to build: text of its sources by file name. */
export interface BindingSources {
  readonly files: Readonly<Record<string, string>>;
  /** Names the result: equal sources, library and flags give an equal digest. */
  readonly digest: string;
}

/**
 * `nodelete`: Node.js unloads a binding when the last thread with it ends, and what the binding has
 * registered to run at exit must still be there.
 */
const flags = [
  ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-w'],
  '-Wl,-z,nodelete',
];
/** From `lib/napi-v8` of the package to its libraries. */
const runPath = '$ORIGIN/../../deps/lib';

/** The package's sources with the race removed. */
export async function readBindingSources(
  packageRoot: string,
  libraryKey: string,
): Promise<BindingSources> {
  const folder = join(packageRoot, 'binding');
  const original: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    original[name] = await readFile(join(folder, name), 'utf8');
  }
  const files = applyPatch(original, racePatch);
  const digest = createHash('sha256')
    .update(JSON.stringify([libraryKey, flags, runPath, files]))
    .digest('hex')
    .slice(0, 16);
  return { files, digest };
}

/**
 * Compiles the binding, or takes it from the cache.
 * @returns path of the built binding in the cache
 * @throws {LockstepError} `worker` when the compiler fails
 */
export async function buildBinding(
  sources: BindingSources,
  library: Library,
  cache: CacheLayout,
  compiler: () => Promise<Compiler>,
  signal?: AbortSignal,
): Promise<string> {
  const built = join(cache.root, 'bindings', `${sources.digest}.node`);
  if (existsSync(built)) return built;
  const staging = join(cache.staging, 'binding');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  for (const [name, text] of Object.entries(sources.files)) {
    await writeFile(join(staging, name), text);
  }
  const output = join(staging, 'tfjs_binding.node');
  const chosen = await compiler();
  const result = await runCommand(
    chosen.program,
    [...chosen.leading, ...compileArguments(staging, library, output)],
    { signal },
  );
  if (result.code !== 0) {
    throw new LockstepError(
      'worker',
      `Expected ${chosen.name} to build the native binding, but it failed:\n${lastLines(result.output, 20)}`,
      { hint: 'Install a C++17 compiler, or name one with CXX, and run setup again.' },
    );
  }
  await mkdir(join(cache.root, 'bindings'), { recursive: true });
  await rename(output, built);
  return built;
}

function compileArguments(staging: string, library: Library, output: string): string[] {
  return [
    ...flags,
    `-I${nodeApiHeaders()}`,
    `-I${library.headers}`,
    join(staging, 'tfjs_backend.cc'),
    join(staging, 'tfjs_binding.cc'),
    // By path, not -l: Zig's linker has no `-l:name`. What is recorded is their name alone.
    join(library.libraries, 'libtensorflow_cc.so.2'),
    join(library.libraries, 'libtensorflow_framework.so.2'),
    `-Wl,-rpath,${runPath}`,
    '-o',
    output,
  ];
}

/** Folder of `node_api.h`. */
function nodeApiHeaders(): string {
  const require = createRequire(import.meta.url);
  try {
    const headers = require('node-api-headers') as { include_dir: string };
    return headers.include_dir;
  } catch (cause) {
    throw new LockstepError('usage', 'Expected the package node-api-headers, got none.', {
      cause,
      hint: 'Run `npm ci` without --omit=optional.',
    });
  }
}

/** Copies a file so that readers see the old one or the new one, never half. */
export async function replaceFile(source: string, target: string): Promise<void> {
  const temporary = `${target}.${process.pid}.tmp`;
  await copyFile(source, temporary);
  await rename(temporary, target);
}
