import { LockstepError } from '../protocol/index.js';
import { cudaWheels } from './cuda.js';
import type { Wheel } from './pip.js';

/** The libtensorflow a platform can have. */
export interface LibraryPlan {
  /** Version of libtensorflow. */
  readonly version: string;
  readonly gpu: boolean;
  /** Names the cache entry, whose content depends on nothing else. */
  readonly key: string;
  /** The wheel with libtensorflow and its headers. */
  readonly wheel: Wheel;
  /** Further wheels with libraries it loads: CUDA's. */
  readonly extraWheels: readonly Wheel[];
  /** Bytes the unpacked files need. */
  readonly unpackedSize: number;
}

/** The facts that decide which library fits. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Version of the GNU C library; undefined where there is none (musl, macOS, Windows). */
  readonly glibc: string | undefined;
}

const version = '2.21.0';
const linuxTags = (arch: string) => ({
  python: '3.12',
  abi: 'cp312',
  platforms: [`manylinux_2_27_${arch}`],
});

/** SHA-256 as PyPI publishes them; `pip` refuses anything else. */
const plans: Readonly<Record<string, Omit<LibraryPlan, 'key' | 'version'>>> = {
  'linux-x64-cpu': {
    gpu: false,
    wheel: {
      project: 'tensorflow-cpu',
      version,
      tags: linuxTags('x86_64'),
      sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
      size: 273_800_000,
    },
    extraWheels: [],
    unpackedSize: 860_000_000,
  },
  'linux-x64-gpu': {
    gpu: true,
    wheel: {
      project: 'tensorflow',
      version,
      tags: linuxTags('x86_64'),
      sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
      size: 570_000_000,
    },
    extraWheels: cudaWheels,
    unpackedSize: 7_500_000_000,
  },
  'linux-arm64-cpu': {
    gpu: false,
    wheel: {
      project: 'tensorflow',
      version,
      tags: linuxTags('aarch64'),
      sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
      size: 280_000_000,
    },
    extraWheels: [],
    unpackedSize: 900_000_000,
  },
};

/** This computer, as {@link planLibrary} takes it. */
export function thisMachine(): Machine {
  const report = process.report.getReport() as {
    header?: { glibcVersionRuntime?: string };
  };
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: report.header?.glibcVersionRuntime,
  };
}

/**
 * The library PyPI has for a machine.
 * @throws {LockstepError} `usage` when there is none
 */
export function planLibrary(machine: Machine, gpu: boolean): LibraryPlan {
  const { platform, arch, glibc } = machine;
  if (platform === 'linux' && (glibc === undefined || !atLeast(glibc, '2.27'))) {
    throw unsupported(`the GNU C library 2.27 or newer`, glibc ?? 'another C library (musl?)');
  }
  const name = `${platform}-${arch}-${gpu ? 'gpu' : 'cpu'}`;
  const plan = plans[name];
  if (plan === undefined) throw unsupported(`one of ${Object.keys(plans).join(', ')}`, name);
  return { ...plan, version, key: `${version}-${name}` };
}

/** Whether PyPI's library is for this kind of machine; others take the official prebuilt. */
export function hasPypiLibrary(machine: Machine): boolean {
  return machine.platform === 'linux';
}

function unsupported(expected: string, got: string): LockstepError {
  return new LockstepError('usage', `Expected ${expected} for the native engine, got ${got}.`, {
    hint: 'Use the embedded engine, --engine wasm, which needs no setup.',
  });
}

/** Compares dotted version numbers. */
function atLeast(actual: string, wanted: string): boolean {
  const a = actual.split('.').map(Number);
  const w = wanted.split('.').map(Number);
  for (let i = 0; i < w.length; i += 1) {
    const difference = (a[i] ?? 0) - w[i]!;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
