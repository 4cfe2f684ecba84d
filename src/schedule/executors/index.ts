import { commandExecutor } from './command.js';
import { processExecutor } from './process.js';
import type { CreateExecutor, ExecutorKind } from './executor.js';

/** By the flags that choose them; without one, every trial runs in a process of its own. */
export const executorKinds: Readonly<Record<string, ExecutorKind>> = { launcher: commandExecutor };

export const defaultExecutor: CreateExecutor = processExecutor;
