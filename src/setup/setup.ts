import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { listGpus } from '../engines/gpus.js';
import {
  inspectNative,
  nativePackage,
  nativePackageRoot,
  type NativeStamp,
} from '../engines/native.js';
import { ownSourcesDigest } from '../engines/own-sources.js';
import { withLock } from '../files/lock.js';
import { LockstepError } from '../protocol/index.js';
import { readBindingSources } from './binding-sources.js';
import { buildBinding, buildFlags, type Library } from './build.js';
import { cacheLayout, libraryFolder, type CacheLayout } from './cache.js';
import { fetchZig, findCompiler, type Compiler } from './compiler.js';
import type { ReportSetup } from './events.js';
import { fetchLibrary } from './fetch.js';
import { installBinding, removeBinding, removeStamp, writeStamp } from './install.js';
import { hasPypiLibrary, planLibrary, thisMachine, type Machine } from './library.js';
import { installOfficial } from './official.js';
import { findPip } from './pip.js';
import type { ProofResult } from '../protocol/index.js';
import { prove } from './prove.js';
import { libraryFromFolder } from './sources.js';

export interface SetupOptions {
  /** Fetch a library with CUDA. */
  readonly gpu: boolean;
  /** `pypi`, `official`, or a folder; absent: what this platform has. */
  readonly from?: string | undefined;
  /** Start from scratch: ignore the cached library and binding. */
  readonly force: boolean;
  readonly report: ReportSetup;
  readonly signal?: AbortSignal | undefined;
  /** Default: the user's. */
  readonly cache?: CacheLayout | undefined;
  /** Default: this computer. */
  readonly machine?: Machine | undefined;
}

export interface SetupResult {
  readonly stamp: NativeStamp;
  readonly proof: ProofResult;
  /** Folder of the package the engine is installed in. */
  readonly packageRoot: string;
}

/**
 * Makes the engine `tensorflow` available: fetches a libtensorflow, builds the binding without its
 * race, puts both in place and proves that two threads train. Safe to interrupt and to repeat.
 * @throws {LockstepError} `usage` when something must be installed first, `worker` when a step fails
 */
export async function setUp(options: SetupOptions): Promise<SetupResult> {
  const { report, signal } = options;
  const machine = options.machine ?? thisMachine();
  const cache = options.cache ?? cacheLayout();
  const packageRoot = nativePackageRoot();
  if (packageRoot === undefined) {
    throw new LockstepError('usage', `Expected the package ${nativePackage}, got none.`, {
      hint: 'Run `npm ci` without --omit=optional.',
    });
  }
  const from = options.from ?? (hasPypiLibrary(machine) ? 'pypi' : 'official');
  report({
    kind: 'stage',
    stage: 'check',
    text: `${machine.platform} on ${machine.arch}, library from ${from}`,
  });
  await mkdir(cache.root, { recursive: true });
  const onWait = (text: string): void => {
    report({ kind: 'note', text });
  };
  return withLock(
    cache.lock,
    'setup',
    async () => {
      await rm(cache.staging, { recursive: true, force: true });
      const stamp =
        from === 'official'
          ? await fromOfficial(packageRoot, options)
          : await fromLibrary(packageRoot, from, machine, cache, options);
      const proof = await proveOrRemove(packageRoot, report, signal);
      if (options.gpu && !proof.gpu) report({ kind: 'note', text: withoutGpu(listGpus()) });
      const proven = { ...stamp, tensorflow: proof.version };
      await writeStamp(packageRoot, proven);
      await rm(cache.staging, { recursive: true, force: true });
      return { stamp: proven, proof, packageRoot };
    },
    // The cache can be in a home folder that several machines share.
    { patience: Infinity, staleAfter: 30_000, stop: signal, onWait },
  );
}

/** A warning for users who asked for a GPU and got an engine that found none. @param cards the driver's list */
function withoutGpu(cards: readonly string[]): string {
  return cards.length === 0
    ? 'the NVIDIA driver shows no GPU (see `nvidia-smi`): the engine computes on the CPU until there is one'
    : `TensorFlow could not use the ${cards.join(', ')}: the engine computes on the CPU until the driver is recent enough (see \`nvidia-smi\`)`;
}

async function fromOfficial(
  packageRoot: string,
  { gpu, report, signal }: SetupOptions,
): Promise<NativeStamp> {
  report({ kind: 'stage', stage: 'download', text: `the official prebuilt of ${nativePackage}` });
  await removeStamp(packageRoot);
  await installOfficial(packageRoot, gpu, signal);
  return { tensorflow: 'unknown', source: 'official', gpu, patched: false };
}

async function fromLibrary(
  packageRoot: string,
  from: string,
  machine: Machine,
  cache: CacheLayout,
  { gpu, force, report, signal }: SetupOptions,
): Promise<NativeStamp> {
  const plan = planLibrary(machine, gpu);
  if (force && from === 'pypi') {
    await rm(libraryFolder(cache, plan.key), { recursive: true, force: true });
  }
  const { library, key } =
    from === 'pypi'
      ? { library: await fetchLibrary(plan, cache, report, signal), key: plan.key }
      : await libraryFromFolder(from, plan, cache, report, signal);
  const built = await build(packageRoot, key, library, cache, machine, { force, report, signal });
  const source = from === 'pypi' ? 'pypi' : 'directory';
  const stamp: NativeStamp = {
    tensorflow: plan.version,
    source,
    gpu,
    patched: true,
    own: ownSourcesDigest(),
  };
  report({ kind: 'stage', stage: 'install', text: packageRoot });
  await installBinding(packageRoot, built, library, stamp);
  return stamp;
}

async function build(
  packageRoot: string,
  key: string,
  library: Library,
  cache: CacheLayout,
  machine: Machine,
  { force, report, signal }: Pick<SetupOptions, 'force' | 'report' | 'signal'>,
): Promise<string> {
  const sources = readBindingSources(packageRoot, key, machine.arch, buildFlags);
  if (force) await rm(join(cache.root, 'bindings'), { recursive: true, force: true });
  return buildBinding(
    sources,
    library,
    cache,
    async (): Promise<Compiler> => {
      const found = await findCompiler(signal);
      if (found === undefined) {
        report({ kind: 'note', text: 'no C++ compiler here: fetching Zig, which is one' });
      }
      const compiler =
        found ?? (await fetchZig(cache, () => findPip(signal), machine.arch, { signal }));
      report({ kind: 'stage', stage: 'build', text: `the binding with ${compiler.name}` });
      return compiler;
    },
    signal,
  );
}

async function proveOrRemove(
  packageRoot: string,
  report: ReportSetup,
  signal?: AbortSignal,
): Promise<ProofResult> {
  report({ kind: 'stage', stage: 'prove', text: 'two threads train at the same time' });
  const found = inspectNative(packageRoot);
  if (!found.installed) {
    throw new LockstepError('worker', `Expected the engine to be in place, but ${found.reason}.`);
  }
  try {
    return await prove(availableParallelism(), signal);
  } catch (error) {
    await removeBinding(packageRoot);
    throw error;
  }
}
