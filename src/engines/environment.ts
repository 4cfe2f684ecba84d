import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../protocol/index.js';

export interface EngineSituation {
  /** Sessions of one trial that compute at the same time: one a variant. */
  readonly sessions: number;
  /** Cores this trial may use: the machine's, divided by the trials that run beside it. */
  readonly cores: number;
  /** What `CUDA_VISIBLE_DEVICES` shall be, whatever it was; absent: as inherited. */
  readonly visibleDevices?: string | undefined;
  /** Variables people have set themselves, which win. Default: none. */
  readonly inherited?: Readonly<Record<string, string | undefined>> | undefined;
  /** Path of an allocator to preload; default: the first of the usual ones that is there. */
  readonly allocator?: string | undefined;
}

/**
 * Environment variables native code reads once, so they are set before a trial's process starts.
 * Recorded in the log, because they change speed and last digits. Why each: `docs/performance.md`.
 */
export function engineEnvironment(
  name: EngineName,
  situation: EngineSituation,
): Record<string, string> {
  if (name === 'wasm') return {};
  const threads = Math.max(1, Math.floor(situation.cores / Math.max(1, situation.sessions)));
  const wanted: Record<string, string> = {
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_ENABLE_ONEDNN_OPTS: '1',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    ...allocation(situation.allocator ?? findAllocator()),
  };
  const chosen: Record<string, string> = {};
  for (const [key, value] of Object.entries(wanted)) {
    chosen[key] = situation.inherited?.[key] ?? value;
  }
  if (situation.visibleDevices !== undefined) {
    chosen.CUDA_VISIBLE_DEVICES = situation.visibleDevices;
  }
  return chosen;
}

/** glibc returns each step's large buffers to the system and faults them in again; this keeps them. */
const glibc = {
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TRIM_THRESHOLD_: '4294967296',
  MALLOC_TOP_PAD_: '268435456',
};

function allocation(allocator: string | undefined): Record<string, string> {
  return allocator === undefined ? { ...glibc } : { LD_PRELOAD: allocator };
}

const allocatorNames = ['libtcmalloc_minimal.so.4', 'libtcmalloc.so.4', 'libjemalloc.so.2'];
const libraryFolders = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];

/** Path of an installed thread-caching allocator, if there is one. Linux only. */
export function findAllocator(
  folders: readonly string[] = libraryFolders,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (platform !== 'linux') return undefined;
  for (const name of allocatorNames) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

/**
 * Every variable that an engine or its allocator reads and that can change speed or last digits. By name:
 * a prefix such as `TF_` also matches other programs' secrets.
 */
const readVariables = [
  'CUDA_DEVICE_ORDER',
  'CUDA_VISIBLE_DEVICES',
  'DNNL_DEFAULT_FPMATH_MODE',
  'DNNL_MAX_CPU_ISA',
  'LD_PRELOAD',
  'MALLOC_ARENA_MAX',
  'MALLOC_MMAP_THRESHOLD_',
  'MALLOC_TOP_PAD_',
  'MALLOC_TRIM_THRESHOLD_',
  'NVIDIA_TF32_OVERRIDE',
  'OMP_NUM_THREADS',
  'ONEDNN_DEFAULT_FPMATH_MODE',
  'ONEDNN_MAX_CPU_ISA',
  'TF_CPP_MIN_LOG_LEVEL',
  'TF_CUDNN_DETERMINISTIC',
  'TF_DETERMINISTIC_OPS',
  'TF_ENABLE_ONEDNN_OPTS',
  'TF_FORCE_GPU_ALLOW_GROWTH',
  'TF_GPU_ALLOCATOR',
  'TF_NUM_INTEROP_THREADS',
  'TF_NUM_INTRAOP_THREADS',
  'TF_XLA_FLAGS',
  'XLA_FLAGS',
];

/** What a log records of the environment: the variables above, as far as they are set. */
export function engineVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    readVariables.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
