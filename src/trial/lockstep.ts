import { defer, EMPTY, expand, forkJoin, map, mergeMap, range } from 'rxjs';
import type { Observable } from 'rxjs';
import { LockstepError } from '../protocol/index.js';
import type { SessionStep, VariantSession } from '../variants/backend.js';

/** A step's minibatch, the same for all variants. */
export interface SampledStep {
  readonly step: number;
  readonly epoch: number;
  /** `[batch]` int32 positions in the training split. */
  readonly indices: Int32Array;
  readonly indicesDigest: string;
}

/** One step, finished by every variant that was given it. */
export interface JoinedStep extends SampledStep {
  /** The digest of the targets that all variants took; undefined where none tells. */
  readonly targetsDigest: string | undefined;
  /** By variant name, in the order of the sessions. */
  readonly replies: Readonly<Record<string, SessionStep>>;
}

export interface LockstepOptions {
  /** The sessions that take part; asked once a step, so a variant can drop out. */
  readonly sessions: () => readonly VariantSession[];
  /** First and last step, both included; steps count from 1. */
  readonly from: number;
  readonly to: number;
  /** How many steps may be under way beyond the oldest unfinished one; at least 0. */
  readonly lookAhead: number;
  /** Evaluate each variant on the minibatch after its update. */
  readonly evaluate: boolean;
  /** The learning rate of a variant's step, where it is not the optimizer's own. */
  readonly learningRate?: (variant: string, step: number) => number | undefined;
  /** Draws a minibatch; called once a step, in order, only when the step may start. */
  readonly sample: (step: number) => SampledStep;
  /** No further step starts once aborted; those under way finish and are emitted. */
  readonly stop: AbortSignal;
}

/**
 * Streams minibatches to all sessions and joins the replies by step.
 *
 * Every session gets every step in order; a fast variant can be at most `lookAhead` steps ahead of the
 * slowest. Emits joined steps in order and completes after the last one. Any failure, a digest
 * that differs (`verification`) included, errors at once and starts nothing more.
 */
export function lockstep(options: LockstepOptions): Observable<JoinedStep> {
  const { from, to, lookAhead, stop } = options;
  const start = (step: number): Observable<JoinedStep> =>
    step > to || stop.aborted ? EMPTY : defer(() => sendToAll(options, options.sample(step)));
  // Each step that ends starts another. With a list of all steps, a stop would make RxJS recurse through those
  // that are left, which is too deep for a few thousand.
  return range(from, lookAhead + 1).pipe(
    mergeMap(start),
    expand(({ step }) => start(step + lookAhead + 1)),
  );
}

function sendToAll(options: LockstepOptions, sampled: SampledStep): Observable<JoinedStep> {
  const { sessions, evaluate, learningRate } = options;
  const { step, indices } = sampled;
  const replies = Object.fromEntries(
    sessions().map((session) => {
      const task = { step, indices, evaluate, learningRate: learningRate?.(session.variant, step) };
      return [session.variant, session.step(task)];
    }),
  );
  return forkJoin(replies).pipe(map((joined) => join(sampled, joined)));
}

function join(sampled: SampledStep, replies: Readonly<Record<string, SessionStep>>): JoinedStep {
  const targetsDigest = Object.values(replies).find((reply) => reply.targetsDigest)?.targetsDigest;
  for (const [variant, reply] of Object.entries(replies)) {
    requireSame(sampled, variant, [sampled.step, sampled.indicesDigest, targetsDigest], reply);
  }
  return { ...sampled, targetsDigest, replies };
}

function requireSame(
  { step }: SampledStep,
  variant: string,
  expected: readonly [step: number, indicesDigest: string, targetsDigest: string | undefined],
  reply: SessionStep,
): void {
  // What a variant does not tell cannot differ; the report says so.
  const { step: of, indicesDigest = expected[1], targetsDigest = expected[2] } = reply;
  const got = [of, indicesDigest, targetsDigest];
  if (expected.every((value, index) => value === got[index])) return;
  const text = ([, indices, targets]: typeof expected) =>
    `${indices} with targets ${targets ?? 'unknown'}`;
  throw new LockstepError(
    'verification',
    `step ${step}: expected variant ${variant} to train on minibatch ${text(expected)}, ` +
      `got ${text([of, indicesDigest, targetsDigest])} of step ${of}`,
    { hint: 'The pairing is broken, so the trial was stopped; please report this as a bug.' },
  );
}
