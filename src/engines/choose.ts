import { LockstepError, type DeviceRequest, type EngineName } from '../protocol/index.js';
import { engineGpus, inspectEngines, type EngineStatus } from './status.js';

export interface EngineChoice {
  readonly name: EngineName;
  /** One line for people: what was chosen and why. */
  readonly reason: string;
  readonly device: DeviceRequest;
  /** The version of the package or library that computes. */
  readonly version?: string | undefined;
}

/**
 * The engine a run uses. `auto` prefers `tensorflow`, which is faster, and falls back to the
 * embedded `wasm`.
 * @throws {LockstepError} `usage` when an engine requested by name is not available
 */
export function chooseEngine(
  request: EngineName | 'auto',
  device: DeviceRequest = 'auto',
  engines: readonly EngineStatus[] = inspectEngines(),
): EngineChoice {
  const name = request === 'auto' ? preferred(engines, device) : request;
  const status = engines.find((engine) => engine.name === name);
  if (status?.available !== true) {
    throw new LockstepError(
      'usage',
      `Expected the engine ${name} to be installed, but ${status?.reason ?? 'it is unknown'}.`,
      { hint: remedy(status) },
    );
  }
  if (device === 'gpu' && engineGpus(name, engines).length === 0) {
    throw new LockstepError(
      'usage',
      `Expected a GPU for the engine ${name}, got ${status.devices.join(', ') || 'no device'}.`,
      { hint: gpuHint(name, engines) },
    );
  }
  return { name, reason: reasonFor(request, status, engines), device, version: status.version };
}

function preferred(engines: readonly EngineStatus[], device: DeviceRequest): EngineName {
  if (device === 'gpu') return 'tensorflow';
  const native = engines.find((engine) => engine.name === 'tensorflow');
  return native?.available === true ? 'tensorflow' : 'wasm';
}

function reasonFor(
  request: EngineName | 'auto',
  status: EngineStatus,
  engines: readonly EngineStatus[],
): string {
  const version = status.version === undefined ? '' : ` ${status.version}`;
  if (request !== 'auto') return `${status.name}${version}, as requested`;
  if (status.name === 'tensorflow') return `tensorflow${version}, native and the fastest here`;
  const native = engines.find((engine) => engine.name === 'tensorflow');
  return `wasm${version}, because tensorflow is not set up: ${native?.reason ?? 'it is unknown'}`;
}

/** What to do for a GPU that an engine cannot use. */
function gpuHint(name: EngineName, engines: readonly EngineStatus[]): string {
  const native = engines.find((engine) => engine.name === 'tensorflow');
  if (name !== 'tensorflow') {
    return engineGpus('tensorflow', engines).length > 0
      ? `The engine ${name} computes on the CPU: use --engine tensorflow, or leave out --device gpu.`
      : `The engine ${name} computes on the CPU: leave out --device gpu, or set up the engine tensorflow with \`npx lockstep setup --gpu\` and use --engine tensorflow.`;
  }
  const built = native?.notes.some((note) => note.includes('setup --gpu')) === true;
  return built
    ? 'Run `npx lockstep setup --gpu`, or leave out --device gpu.'
    : 'Use a machine with an NVIDIA GPU and its driver, and run `npx lockstep setup --gpu` there; or leave out --device gpu.';
}

function remedy(status: EngineStatus | undefined): string {
  const text = status?.remedy ?? 'run `npm ci`';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}, or choose another engine with --engine.`;
}
