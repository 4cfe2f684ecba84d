import { expect } from 'chai';
import { firstValueFrom, timer, map, toArray } from 'rxjs';
import type { Observable } from 'rxjs';
import { evaluateSplit } from '../../src/trial/evaluate.js';
import type { VariantPool } from '../../src/variants/variant-pool.js';
import type { EvaluateTask, WorkerTaskName, WorkerTasks } from '../../src/protocol/index.js';

/** Predicts each position plus `offset`, and is right where that is 0. */
function pool(variant: string, offset: number): VariantPool {
  return {
    variant,
    run<Name extends WorkerTaskName>(
      _name: Name,
      task: WorkerTasks[Name]['task'],
    ): Observable<WorkerTasks[Name]['reply']> {
      const { indices, predict } = task as EvaluateTask;
      const predictions = Uint8Array.from(indices, (position) => position + offset);
      return timer(0).pipe(
        map(() => ({
          examples: indices.length,
          lossSum: indices.length * 0.5,
          correct: offset === 0 ? indices.length : 0,
          ...(predict === true && { predictions }),
        })),
      );
    },
    destroy: () => Promise.resolve(),
  };
}

const options = {
  sessionId: 'session',
  pools: [pool('a', 0), pool('b', 1)],
  lookAhead: 2,
  split: 'test',
  chunks: [Int32Array.of(0, 1), Int32Array.of(2, 3), Int32Array.of(4)],
} as const;

describe('evaluateSplit', () => {
  it('joins the predictions of all chunks in the order of the split', async () => {
    const metrics = await firstValueFrom(evaluateSplit({ ...options, predict: true }));
    expect(metrics).to.deep.equal({
      a: { loss: 0.5, accuracy: 1, predictions: Uint8Array.of(0, 1, 2, 3, 4) },
      b: { loss: 0.5, accuracy: 0, predictions: Uint8Array.of(1, 2, 3, 4, 5) },
    });
  });

  it('emits once, without predictions unless they are asked for', async () => {
    const all = await firstValueFrom(evaluateSplit(options).pipe(toArray()));
    expect(all).to.deep.equal([{ a: { loss: 0.5, accuracy: 1 }, b: { loss: 0.5, accuracy: 0 } }]);
  });
});
