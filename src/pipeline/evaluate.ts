import { defer, forkJoin, map, mergeMap, range, reduce } from 'rxjs';
import type { Observable } from 'rxjs';
import type { BatchData, EvaluateReply } from '../protocol/index.js';
import type { VariantPool } from './variant-pool.js';

/** Mean metrics of one variant over the evaluated examples. */
export interface SplitMetrics {
  /** Mean softmax cross-entropy. */
  readonly loss: number;
  /** Fraction in [0, 1]. */
  readonly accuracy: number;
}

export interface EvaluateOptions {
  readonly sessionId: string;
  readonly pools: readonly VariantPool[];
  readonly lookAhead: number;
  readonly chunkCount: number;
  /**
   * Assembles chunk `index` (from 0) of the split and gives its inputs scaled for a variant; called
   * in order, and at most `lookAhead + 1` chunks are in use at a time, so buffers can rotate.
   */
  readonly prepare: (index: number) => (variant: string) => BatchData;
}

interface Totals {
  readonly examples: number;
  readonly lossSum: number;
  readonly correct: number;
}

/** Evaluates every variant on the chunks, in inference mode; emits once, by variant name. */
export function evaluateSplit(
  options: EvaluateOptions,
): Observable<Readonly<Record<string, SplitMetrics>>> {
  const { pools, lookAhead, chunkCount } = options;
  const zero = Object.fromEntries(
    pools.map(({ variant }) => [variant, { examples: 0, lossSum: 0, correct: 0 }]),
  );
  return range(0, chunkCount).pipe(
    mergeMap((index) => defer(() => sendChunk(options, index)), lookAhead + 1),
    reduce((totals: Record<string, Totals>, chunk) => {
      return Object.fromEntries(
        Object.entries(chunk).map(([variant, reply]) => {
          const { examples, lossSum, correct } = totals[variant]!;
          return [
            variant,
            {
              examples: examples + reply.examples,
              lossSum: lossSum + reply.lossSum,
              correct: correct + reply.correct,
            },
          ];
        }),
      );
    }, zero),
    map((totals) =>
      Object.fromEntries(
        Object.entries(totals).map(([variant, { examples, lossSum, correct }]) => [
          variant,
          { loss: lossSum / examples, accuracy: correct / examples },
        ]),
      ),
    ),
  );
}

function sendChunk(
  { sessionId, pools, prepare }: EvaluateOptions,
  index: number,
): Observable<Record<string, EvaluateReply>> {
  const batchFor = prepare(index);
  return forkJoin(
    Object.fromEntries(
      pools.map((pool) => [
        pool.variant,
        pool.run('evaluate', { sessionId, batch: batchFor(pool.variant) }),
      ]),
    ),
  );
}
