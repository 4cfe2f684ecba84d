import type { EngineName } from '../../src/protocol/index.js';
import { registerGradients } from '../model/gradients.js';
import type { Engine, LoadEngine } from './engine.js';

/** Each engine's code is imported only in the threads that use it. */
const loaders: Readonly<Record<EngineName, () => Promise<LoadEngine>>> = {
  wasm: async () => (await import('./wasm/load.js')).loadWasm,
  tensorflow: async () => (await import('./tensorflow/load.js')).loadTensorflow,
};

const loaded = new Map<EngineName, Promise<Engine>>();

/**
 * The thread's engine of that name, loaded once.
 * @throws LockstepError `worker` when its files are missing or broken
 */
export function loadEngine(name: EngineName): Promise<Engine> {
  let engine = loaded.get(name);
  if (engine === undefined) {
    engine = load(name);
    loaded.set(name, engine);
  }
  return engine;
}

async function load(name: EngineName): Promise<Engine> {
  registerGradients();
  return (await loaders[name]())();
}
