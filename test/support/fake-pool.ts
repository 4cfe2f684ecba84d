import { asyncScheduler, defer, map, timer } from 'rxjs';
import type { Observable } from 'rxjs';
import type { VariantPool } from '../../src/variants/variant-pool.js';
import { digest } from '../../src/protocol/digest.js';
import type { StepReply, StepTask, WorkerTaskName, WorkerTasks } from '../../src/protocol/index.js';

export interface FakePool extends VariantPool {
  /** Steps in the order in which they were sent. */
  readonly sent: number[];
}

/**
 * A pool that answers step tasks one at a time, in the order they were sent, each after `stepTime`
 * milliseconds (virtual ones under RxJS's TestScheduler).
 * @param answer replaces a reply, or throws
 */
export function createFakePool(
  variant: string,
  stepTime: number,
  answer: (reply: StepReply) => StepReply = (reply) => reply,
): FakePool {
  const sent: number[] = [];
  let freeAt = 0;
  return {
    variant,
    sent,
    run<Name extends WorkerTaskName>(
      _name: Name,
      task: WorkerTasks[Name]['task'],
    ): Observable<WorkerTasks[Name]['reply']> {
      return defer(() => {
        const { step, indices } = task as StepTask;
        sent.push(step);
        const now = asyncScheduler.now();
        freeAt = Math.max(now, freeAt) + stepTime;
        return timer(freeAt - now).pipe(
          map(() =>
            answer({
              step,
              loss: 1 / step,
              accuracy: 0.5,
              indicesDigest: digest(indices),
              inputDigest: digest(Float32Array.from(indices)),
              trainMs: stepTime,
              evalMs: 0,
            }),
          ),
        );
      });
    },
    destroy: () => Promise.resolve(),
  };
}
