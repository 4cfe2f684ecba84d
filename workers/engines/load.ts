import type { EngineName } from '../../src/protocol/index.js';
import type { Engine, LoadEngine } from './engine.js';

/** Each engine's code is imported only in the threads that use it. */
const loaders: Readonly<Record<EngineName, () => Promise<LoadEngine>>> = {
  wasm: async () => (await import('./wasm/load.js')).loadWasm,

};

const loaded = new Map<EngineName, Promise<Engine>>();

/** The thread's engine of that name, loaded once. */
export function loadEngine(name: EngineName): Promise<Engine> {
  let engine = loaded.get(name);
  if (engine === undefined) {
    engine = loaders[name]().then((load) => load());
    loaded.set(name, engine);
  }
  return engine;
}
