import { forkJoin, from, map, mergeMap, reduce } from 'rxjs';
import type { Observable } from 'rxjs';
import { addMeasured, score } from '../metrics/scores.js';
import type { Measured, Scored } from '../metrics/scores.js';
import type { EvaluateReply, SplitName } from '../protocol/index.js';
import type { VariantSession } from '../variants/backend.js';

/** One variant's scores on the evaluated examples. */
export interface SplitScored extends Scored {
  /** `[examples]` predicted classes, where they were asked for. */
  readonly predictions?: Uint8Array | undefined;
}

export interface EvaluateOptions {
  readonly sessions: readonly VariantSession[];
  readonly metrics: readonly string[];
  readonly lookAhead: number;
  readonly split: SplitName;
  /** Each `[n]` int32 positions in the split. */
  readonly chunks: readonly Int32Array[];
  /** Also collect the predicted classes. */
  readonly predict?: boolean | undefined;
}

interface Total {
  readonly measured: Measured;
  readonly predictions: readonly Uint8Array[];
}

const nothing: Total = { measured: { examples: 0, sums: {} }, predictions: [] };

/** Evaluates every variant on the chunks, in inference mode; emits once, by variant name. */
export function evaluateSplit(
  options: EvaluateOptions,
): Observable<Readonly<Record<string, SplitScored>>> {
  const { sessions, metrics, lookAhead, chunks } = options;
  const none = Object.fromEntries(sessions.map(({ variant }) => [variant, nothing]));
  return from(chunks).pipe(
    mergeMap((indices) => sendChunk(options, indices), lookAhead + 1),
    reduce(
      (totals: Record<string, Total>, chunk) =>
        Object.fromEntries(
          Object.entries(chunk).map(([variant, reply]) => [variant, add(totals[variant]!, reply)]),
        ),
      none,
    ),
    map((totals) =>
      Object.fromEntries(
        Object.entries(totals).map(([variant, { measured, predictions }]) => [
          variant,
          {
            ...score(metrics, measured),
            ...(predictions.length > 0 && {
              predictions: new Uint8Array(Buffer.concat(predictions)),
            }),
          },
        ]),
      ),
    ),
  );
}

/** Sessions answer in order, so chunks come in order. */
function add({ measured, predictions }: Total, reply: EvaluateReply): Total {
  return {
    measured: addMeasured(measured, reply),
    predictions: reply.predictions ? [...predictions, reply.predictions] : predictions,
  };
}

function sendChunk(
  { sessions, split, predict }: EvaluateOptions,
  indices: Int32Array,
): Observable<Record<string, EvaluateReply>> {
  return forkJoin(
    Object.fromEntries(
      sessions.map((session) => [session.variant, session.evaluate({ split, indices, predict })]),
    ),
  );
}
