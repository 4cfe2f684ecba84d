import { lastValueFrom } from 'rxjs';
import type { InspectReply, InspectTask } from '../protocol/index.js';
import { loadedInTime, sendTask } from './thread-backend.js';
import { startWorkerThread } from './worker-thread.js';

/** Tries out modules of variants, each in the same thread, which is gone afterwards. */
export interface ModuleInspector {
  /** @throws LockstepError `usage` or `module` naming the file and line, when the module cannot be used */
  inspect(task: Omit<InspectTask, 'engine'>): Promise<InspectReply>;
  dispose(): Promise<void>;
}

/** The engine that modules are tried out on: it is there on every machine, and starts at once. */
const engine = 'wasm';

export function startModuleInspector(): ModuleInspector {
  const { piscina, loaded } = startWorkerThread(engine);
  return {
    async inspect(task) {
      const { name } = task.variant;
      await loadedInTime(name, loaded);
      return lastValueFrom(sendTask(piscina, name, 'inspect', { ...task, engine }));
    },
    dispose: () => piscina.destroy(),
  };
}
