import { commandExecutor } from './command.js';
import { processExecutor } from './process.js';
import type { CreateExecutor } from './executor.js';

/** A way to run trials that a flag chooses. */
export interface ExecutorKind {
  /** The flag's help text. */
  readonly describe: string;
  /** @throws LockstepError `usage` for a value that the flag does not take */
  readonly parse: (text: string, flag: string) => CreateExecutor;
}

/** By the flags that choose them; without one, every trial runs in a process of its own. */
export const executorKinds: Readonly<Record<string, ExecutorKind>> = { launcher: commandExecutor };

export const defaultExecutor: CreateExecutor = processExecutor;
