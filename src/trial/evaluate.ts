import { forkJoin, from, map, mergeMap, reduce } from 'rxjs';
import type { Observable } from 'rxjs';
import type { EvaluateReply, SplitName } from '../protocol/index.js';
import type { VariantPool } from '../variants/variant-pool.js';

/** Mean metrics of one variant over the evaluated examples. */
export interface SplitMetrics {
  /** Mean softmax cross-entropy. */
  readonly loss: number;
  /** Fraction in [0, 1]. */
  readonly accuracy: number;
  /** `[examples]` predicted classes, where they were asked for. */
  readonly predictions?: Uint8Array | undefined;
}

export interface EvaluateOptions {
  readonly sessionId: string;
  readonly pools: readonly VariantPool[];
  readonly lookAhead: number;
  readonly split: SplitName;
  /** Each `[n]` int32 positions in the split. */
  readonly chunks: readonly Int32Array[];
  /** Also collect the predicted classes. */
  readonly predict?: boolean | undefined;
}

interface Totals {
  readonly examples: number;
  readonly lossSum: number;
  readonly correct: number;
  readonly predictions: readonly Uint8Array[];
}

/** Evaluates every variant on the chunks, in inference mode; emits once, by variant name. */
export function evaluateSplit(
  options: EvaluateOptions,
): Observable<Readonly<Record<string, SplitMetrics>>> {
  const { pools, lookAhead, chunks } = options;
  const zero = Object.fromEntries(
    pools.map(({ variant }) => [variant, { examples: 0, lossSum: 0, correct: 0, predictions: [] }]),
  );
  return from(chunks).pipe(
    mergeMap((indices) => sendChunk(options, indices), lookAhead + 1),
    reduce((totals: Record<string, Totals>, chunk) => {
      return Object.fromEntries(
        Object.entries(chunk).map(([variant, reply]) => {
          const { examples, lossSum, correct, predictions } = totals[variant]!;
          return [
            variant,
            {
              examples: examples + reply.examples,
              lossSum: lossSum + reply.lossSum,
              correct: correct + reply.correct,
              // Pools answer in order, so chunks come in order.
              predictions: reply.predictions ? [...predictions, reply.predictions] : predictions,
            },
          ];
        }),
      );
    }, zero),
    map((totals) =>
      Object.fromEntries(
        Object.entries(totals).map(([variant, { examples, lossSum, correct, predictions }]) => [
          variant,
          {
            loss: lossSum / examples,
            accuracy: correct / examples,
            ...(predictions.length > 0 && { predictions: joined(predictions, examples) }),
          },
        ]),
      ),
    ),
  );
}

function sendChunk(
  { sessionId, pools, split, predict }: EvaluateOptions,
  indices: Int32Array,
): Observable<Record<string, EvaluateReply>> {
  return forkJoin(
    Object.fromEntries(
      pools.map((pool) => [
        pool.variant,
        pool.run('evaluate', { sessionId, split, indices, predict }),
      ]),
    ),
  );
}

function joined(chunks: readonly Uint8Array[], examples: number): Uint8Array {
  const all = new Uint8Array(examples);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
