import { forkJoin, from, map, mergeMap, reduce } from 'rxjs';
import type { Observable } from 'rxjs';
import { addMeasured, score } from '../metrics/scores.js';
import type { Scored, Summed } from '../metrics/scores.js';
import type { EvaluateReply, SplitName } from '../protocol/index.js';
import type { VariantSession } from '../variants/backend.js';
import type { PreparedEvaluation } from './prepare-batches.js';

/** One variant's scores on the evaluated examples. */
export interface SplitScored extends Scored {
  /** `[examples]` predicted classes, where they were asked for. */
  readonly predictions?: Uint8Array | undefined;
  /** `[examples]` their probabilities. */
  readonly confidences?: Float32Array | undefined;
}

export interface EvaluateOptions {
  readonly sessions: readonly Pick<VariantSession, 'variant' | 'evaluate'>[];
  readonly metrics: readonly string[];
  readonly lookAhead: number;
  readonly split: SplitName;
  /** Each `[n]` int32 positions in the split. */
  readonly chunks: readonly Int32Array[];
  /** Also collect the predicted classes. */
  readonly predict?: boolean | undefined;
  /** Where metrics compare all outputs with them. */
  readonly targets?: PreparedEvaluation['targets'];
}

interface Total {
  readonly measured: Summed;
  readonly predictions: readonly Uint8Array[];
  readonly confidences: readonly Float32Array[];
  readonly outputs: readonly Float32Array[];
}

const nothing: Total = {
  measured: { examples: 0, sums: {} },
  predictions: [],
  confidences: [],
  outputs: [],
};

/** Evaluates every variant on the chunks, in inference mode; emits once, by variant name. */
export function evaluateSplit(
  options: EvaluateOptions,
): Observable<Readonly<Record<string, SplitScored>>> {
  const { sessions, metrics, lookAhead, chunks, targets } = options;
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
        Object.entries(totals).map(([variant, { measured, predictions, confidences, outputs }]) => [
          variant,
          {
            ...score(metrics, {
              ...measured,
              outputs: targets && {
                kind: targets.kind,
                outputs: concatenate(outputs),
                targets: targets.values,
              },
            }),
            ...(predictions.length > 0 && {
              predictions: new Uint8Array(Buffer.concat(predictions)),
            }),
            ...(confidences.length > 0 && { confidences: concatenate(confidences) }),
          },
        ]),
      ),
    ),
  );
}

/** Sessions answer in order, so chunks come in order. */
function add({ measured, predictions, confidences, outputs }: Total, reply: EvaluateReply): Total {
  return {
    measured: addMeasured(measured, reply),
    predictions: reply.predictions ? [...predictions, reply.predictions] : predictions,
    confidences: reply.confidences ? [...confidences, reply.confidences] : confidences,
    outputs: reply.outputs ? [...outputs, reply.outputs] : outputs,
  };
}

function concatenate(chunks: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const chunk of chunks) {
    all.set(chunk, start);
    start += chunk.length;
  }
  return all;
}

function sendChunk(
  { sessions, split, predict, targets }: EvaluateOptions,
  indices: Int32Array,
): Observable<Record<string, EvaluateReply>> {
  const task = { split, indices, predict, ...(targets && { outputs: true }) };
  return forkJoin(
    Object.fromEntries(sessions.map((session) => [session.variant, session.evaluate(task)])),
  );
}
