import { randomUUID } from 'node:crypto';
import type { Piscina } from 'piscina';
import { defer, firstValueFrom, from, lastValueFrom, map, timeout, TimeoutError } from 'rxjs';
import type { Observable } from 'rxjs';
import { withClassWeights } from '../model/class-weights.js';
import { planModule, planNetwork } from '../model/network.js';
import { slotsOf } from '../model/optimizers.js';
import { isModule } from '../model/variant.js';
import type { ModuleVariantSpec, ThreadVariant } from '../model/variant.js';
import { deserializeError, LockstepError } from '../protocol/index.js';
import type {
  MemoryReply,
  ModuleTask,
  NamedTask,
  Reply,
  WorkerTaskName,
  WorkerTasks,
} from '../protocol/index.js';
import type { VariantBackend, VariantData, VariantPlan, VariantSession } from './backend.js';
import { startWorkerThread } from './worker-thread.js';
import type { WorkerThread } from './worker-thread.js';

/** How long a worker may take to load its code and its engine's, in milliseconds, before it counts as lost. */
const startTimeoutMs = 60_000;

/** A session whose memory can be watched. */
export interface ThreadSession extends VariantSession {
  memory(): Observable<MemoryReply>;
}

/** What modules are told of their trial. */
export interface ModuleCircumstances {
  /** Of the whole training. */
  readonly steps: number;
  readonly batchSize: number;
}

/**
 * Trains variants with the built-in network or a module of the user's, each in a pool of one thread that owns its
 * TensorFlow session.
 * @param started threads that were started beforehand, with the plan's engine, by variant
 * @param trial needed where there are modules
 */
export function threadBackend(
  started?: Map<string, WorkerThread>,
  trial?: ModuleCircumstances,
): {
  readonly open: (
    ...args: Parameters<VariantBackend<ThreadVariant>['open']>
  ) => Promise<ThreadSession>;
} {
  return {
    async open(plan, data) {
      const { name } = plan.variant;
      const thread = started?.get(name) ?? startWorkerThread(plan.engine);
      started?.delete(name);
      try {
        return await openSession(thread, plan, data, trial);
      } catch (error) {
        await thread.piscina.destroy();
        throw error;
      }
    },
  };
}

async function openSession(
  { piscina, loaded }: WorkerThread,
  plan: VariantPlan<ThreadVariant>,
  data: Promise<VariantData>,
  trial: ModuleCircumstances | undefined,
): Promise<ThreadSession> {
  const variant = plan.variant.name;
  // Unique, to distinguish the session's thread from the blank one that replaces it after a crash.
  const sessionId = randomUUID();
  const send = <Name extends WorkerTaskName>(
    name: Name,
    task: Omit<WorkerTasks[Name]['task'], 'sessionId'>,
  ) => sendTask(piscina, variant, name, { ...task, sessionId });
  // A worker module that throws while it loads would leave the pool waiting for ever.
  await loadedInTime(variant, loaded);
  const { splits, scalings, outputs } = await data;
  const input = splits.train.inputs.shape;
  const planned = isModule(plan.variant)
    ? planModule(plan.variant, input, outputs)
    : planNetwork(plan.variant, input);
  const { network, ...weights } = withClassWeights(planned, splits.train);
  const scaling = scalings.get(plan.variant.input);
  if (!scalings.has(plan.variant.input)) {
    throw new LockstepError('bug', `variant ${variant}: expected its scaling, got none`);
  }
  const { updatesPerStep } = plan.variant;
  const named = { name: variant, updatesPerStep };
  const module = isModule(plan.variant) ? moduleTask(plan.variant, trial) : undefined;
  const task = { ...plan, variant: named, network, module, splits, scaling };
  const opened = await lastValueFrom(send('open', task));
  const facts = { ...opened, ...weights };
  return {
    variant,
    facts,
    step: (task) => send('step', task),
    evaluate: (task) => send('evaluate', task),
    save: () => send('save', {}),
    memory: () => send('memory', {}),
    destroy: () => piscina.destroy(),
  };
}

/** What a module is told. */
export function moduleTask(
  { module, optimizer, updatesPerStep }: ModuleVariantSpec,
  trial: ModuleCircumstances | undefined,
): ModuleTask {
  if (trial === undefined) {
    throw new LockstepError('bug', 'expected the circumstances of a module, got none');
  }
  const { steps, batchSize } = trial;
  return { ...module, slots: slotsOf(optimizer), batchSize: batchSize / updatesPerStep, steps };
}

export async function loadedInTime(variant: string, loaded: WorkerThread['loaded']): Promise<void> {
  try {
    await firstValueFrom(answered(variant, 'load', () => loaded).pipe(timeout(startTimeoutMs)));
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new LockstepError('worker', `variant ${variant}: its worker did not start in time`, {
      hint: 'Run `npx lockstep doctor` to see which engines work on this machine.',
    });
  }
}

export function sendTask<Name extends WorkerTaskName>(
  piscina: Piscina,
  variant: string,
  name: Name,
  task: WorkerTasks[Name]['task'],
): Observable<WorkerTasks[Name]['reply']> {
  const message: NamedTask<Name> = { name, task };
  return answered(
    variant,
    name,
    () => piscina.run(message) as Promise<Reply<WorkerTasks[Name]['reply']>>,
  );
}

function answered<Value>(
  variant: string,
  task: WorkerTaskName,
  reply: () => Promise<Reply<Value>>,
): Observable<Value> {
  return defer(() =>
    from(
      reply().catch((error: unknown) => {
        throw lostWorker(variant, task, error);
      }),
    ),
  ).pipe(map(unwrap));
}

function unwrap<Value>(reply: Reply<Value>): Value {
  if (!reply.ok) throw deserializeError(reply.error);
  return reply.value;
}

/** A rejected task, unlike an answered error, means that the thread died or could not run it. */
function lostWorker(variant: string, task: string, cause: unknown): LockstepError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new LockstepError('worker', `variant ${variant}: worker lost during ${task}: ${message}`, {
    cause,
    hint: 'Its checkpoints are kept. `npx lockstep doctor` checks the engines of this machine.',
  });
}
