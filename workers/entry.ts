import { LockstepError, serializeError } from '../src/protocol/index.js';
import type {
  CloseTask,
  EvaluateTask,
  InspectTask,
  LoadTask,
  MemoryTask,
  NamedTask,
  OpenTask,
  Reply,
  SaveTask,
  StepTask,
  WorkerTaskName,
  WorkerTasks,
} from '../src/protocol/index.js';
import { loadEngine } from './engines/load.js';
import { Session } from './sessions/session.js';

/**
 * The tasks of a pool's one worker thread, by name. The thread owns one session at a time; a thread
 * that replaced a crashed one has none, and says so instead of training from scratch.
 */
let current: { readonly id: string; readonly session: Session } | undefined;

type Answer<Name extends WorkerTaskName> = Promise<Reply<WorkerTasks[Name]['reply']>>;
type Tasks = {
  readonly [Name in WorkerTaskName]: (task: WorkerTasks[Name]['task']) => Answer<Name>;
};

const tasks: Tasks = { load, inspect, open, step, evaluate, save, memory, close };

/**
 * Any task by its name. A pool that has one function to call never waits for its import between two
 * tasks, so tasks sent ahead are run in the order they were sent.
 */
export function run<Name extends WorkerTaskName>({ name, task }: NamedTask<Name>): Answer<Name> {
  return tasks[name](task);
}

export function load({ engine }: LoadTask): Answer<'load'> {
  return answer(async () => {
    await loadEngine(engine);
    return { ready: true };
  });
}

export function inspect(task: InspectTask): Answer<'inspect'> {
  return answer(async () => {
    const { inspectModule } = await import('./sessions/inspect.js');
    return inspectModule(task);
  });
}

export function open(task: OpenTask): Answer<'open'> {
  return answer(async () => {
    current?.session.close();
    current = undefined;
    const session = await Session.open(await loadEngine(task.engine), task);
    current = { id: task.sessionId, session };
    return session.describe();
  });
}

export function step(task: StepTask): Answer<'step'> {
  return answer(() => sessionOf(task).step(task));
}

export function evaluate(task: EvaluateTask): Answer<'evaluate'> {
  return answer(() => sessionOf(task).evaluate(task));
}

export function save(task: SaveTask): Answer<'save'> {
  return answer(() => sessionOf(task).save());
}

export function memory(task: MemoryTask): Answer<'memory'> {
  return answer(() => sessionOf(task).memory());
}

export function close(task: CloseTask): Answer<'close'> {
  return answer(() => {
    sessionOf(task).close();
    current = undefined;
    return { closed: true };
  });
}

function sessionOf({ sessionId }: { readonly sessionId: string }): Session {
  if (current?.id === sessionId) return current.session;
  throw new LockstepError(
    'worker',
    `expected session ${sessionId}, but this thread has ${current ? `session ${current.id}` : 'none'}`,
    { hint: 'The worker was lost and replaced; resume the trial from its last checkpoint.' },
  );
}

async function answer<Value>(work: () => Value | Promise<Value>): Promise<Reply<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: serializeError(error) };
  }
}
