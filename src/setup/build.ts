import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import type { BindingSources, CompileUnit } from './binding-sources.js';
import type { CacheLayout } from './cache.js';
import type { Compiler } from './compiler.js';
import { lastLines, runCommand } from './process.js';

/** Folders of a libtensorflow and its headers. */
export interface Library {
  /** Holds `libtensorflow_cc.so.2` and `libtensorflow_framework.so.2`. */
  readonly libraries: string;
  /** Holds `tensorflow/c/c_api.h`. */
  readonly headers: string;
}

/** From `lib/napi-v8` of the package to its libraries. */
const runPath = '$ORIGIN/../../deps/lib';

const compilerFlags = ['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', '-w'];
/**
 * `nodelete`: Node.js unloads a binding when the last thread that uses it ends, but its exit handlers
 * must still be there afterwards.
 */
const linkerFlags = ['-shared', '-Wl,-z,nodelete', `-Wl,-rpath,${runPath}`];

/** Enters the digest of `readBindingSources`. */
export const buildFlags: readonly string[] = [...compilerFlags, ...linkerFlags];

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
  const chosen = await compiler();
  const compile = (unit: CompileUnit) =>
    run(chosen, compileArguments(unit, staging, library), signal);
  await Promise.all(sources.units.map(compile));
  const output = join(staging, 'tfjs_binding.node');
  await run(chosen, linkArguments(sources.units, staging, library, output), signal);
  await mkdir(join(cache.root, 'bindings'), { recursive: true });
  await rename(output, built);
  return built;
}

async function run(
  compiler: Compiler,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = await runCommand(compiler.program, [...compiler.leading, ...args], { signal });
  if (result.code === 0) return;
  throw new LockstepError(
    'worker',
    `Expected ${compiler.name} to build the native binding, but it failed:\n${lastLines(result.output, 20)}`,
    { hint: 'Install a C++17 compiler, or name one with CXX, and run setup again.' },
  );
}

function compileArguments(
  { source, object, flags }: CompileUnit,
  staging: string,
  { headers }: Library,
): string[] {
  return [
    ...[...compilerFlags, ...flags, `-I${nodeApiHeaders()}`, `-I${headers}`],
    ...['-c', join(staging, source), '-o', join(staging, object)],
  ];
}

function linkArguments(
  units: readonly CompileUnit[],
  staging: string,
  { libraries }: Library,
  output: string,
): string[] {
  return [
    ...linkerFlags,
    ...units.map(({ object }) => join(staging, object)),
    // By path, not -l: Zig's linker has no `-l:name`. Only their name is recorded.
    join(libraries, 'libtensorflow_cc.so.2'),
    join(libraries, 'libtensorflow_framework.so.2'),
    ...['-o', output],
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
