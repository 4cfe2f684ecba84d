import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { EngineName } from '../protocol/index.js';
import { listGpus } from './gpus.js';
import { inspectNative, nativePackageRoot, type NativeInspection } from './native.js';
import { ownSourcesDigest } from './own-sources.js';

/** One engine as `lockstep doctor` and {@link import('./choose.js').chooseEngine} see it. */
export interface EngineStatus {
  readonly name: EngineName;
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason?: string | undefined;
  /** How to make it available. */
  readonly remedy?: string | undefined;
  /** Version of the native library or of the wasm backend, where known. */
  readonly version?: string | undefined;
  /** `cpu`, and a name for every GPU the engine could use. */
  readonly devices: readonly string[];
  /** Worth knowing although the engine works, for instance a binding that needs warm-up. */
  readonly notes: readonly string[];
}

/** The machine; replaced in tests. */
export interface EngineFacts {
  readonly native: NativeInspection;
  readonly gpus: readonly string[];
  readonly wasmVersion: string | undefined;
  /** What a binding that is built now has of Lockstep's own sources. Read where a note may need it. */
  readonly ownSources: () => string;
}

/** Reads what is installed, without loading any engine. */
export function readEngineFacts(): EngineFacts {
  return {
    native: inspectNative(nativePackageRoot()),
    gpus: listGpus(),
    wasmVersion: packageVersion('@tensorflow/tfjs-backend-wasm'),
    ownSources: ownSourcesDigest,
  };
}

/** Every engine, available or not, in the order of {@link import('../protocol/index.js').engineNames}. */
export function inspectEngines(facts: EngineFacts = readEngineFacts()): EngineStatus[] {
  return [wasmStatus(facts), tensorflowStatus(facts)];
}

/** Names of the GPUs that an engine could use. */
export function engineGpus(
  name: EngineName,
  engines: readonly EngineStatus[] = inspectEngines(),
): readonly string[] {
  const status = engines.find((engine) => engine.name === name);
  return (status?.devices ?? []).filter((device) => device !== 'cpu');
}

function wasmStatus({ wasmVersion }: EngineFacts): EngineStatus {
  if (wasmVersion === undefined) {
    return {
      name: 'wasm',
      available: false,
      reason: 'the package @tensorflow/tfjs-backend-wasm is not installed',
      remedy: 'install the packages again with `npm install`',
      devices: [],
      notes: [],
    };
  }
  return { name: 'wasm', available: true, version: wasmVersion, devices: ['cpu'], notes: [] };
}

function tensorflowStatus({ native, gpus, ownSources }: EngineFacts): EngineStatus {
  if (!native.installed) {
    return {
      name: 'tensorflow',
      available: false,
      reason: native.reason,
      remedy: native.reason.startsWith('the optional package')
        ? 'install the packages again with `npm install --ignore-scripts` and without --omit=optional (npm drops ' +
          'optional packages whose scripts fail), then run `npx lockstep setup`'
        : 'run `npx lockstep setup`',
      devices: [],
      notes: [],
    };
  }
  const { stamp } = native;
  const cuda = stamp?.gpu ?? true;
  const notes: string[] = [];
  if (stamp?.patched !== true) {
    notes.push('prebuilt binding, not thread-safe by itself: sessions are warmed up one at a time');
  } else if (stamp.own !== ownSources()) {
    notes.push(
      'built by another version of Lockstep, slower or with other last digits: run `npx lockstep setup` again',
    );
  }
  if (!cuda && gpus.length > 0) {
    notes.push(
      `built for the CPU though the machine has ${gpus.join(', ')}: run \`npx lockstep setup --gpu\``,
    );
  }
  return {
    name: 'tensorflow',
    available: true,
    version: stamp?.tensorflow,
    devices: cuda ? ['cpu', ...gpus] : ['cpu'],
    notes,
  };
}

function packageVersion(name: string): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
