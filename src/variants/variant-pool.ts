import type { Observable } from 'rxjs';
import type { WorkerTaskName, WorkerTasks } from '../protocol/index.js';

/**
 * The one worker thread of a variant, which owns its session. The pipeline knows pools only through
 * this interface, so it is tested with marbles and fake pools.
 */
export interface VariantPool {
  readonly variant: string;
  /**
   * A cold observable that sends the task when subscribed, emits the reply and completes.
   * Tasks run in the order they were sent, one at a time.
   * Errors with a `LockstepError`: `worker` when the thread is lost, or the one the worker answered.
   */
  run<Name extends WorkerTaskName>(
    name: Name,
    task: WorkerTasks[Name]['task'],
  ): Observable<WorkerTasks[Name]['reply']>;
  /** Ends the thread, whatever it is doing; resolves when it is gone. */
  destroy(): Promise<void>;
}
