import { defer, EMPTY, expand, forkJoin, map, mergeMap, range } from 'rxjs';
import type { Observable } from 'rxjs';
import { LockstepError } from '../protocol/index.js';
import type { StepReply } from '../protocol/index.js';
import type { VariantPool } from '../variants/variant-pool.js';

/** A step's minibatch, the same for all variants. */
export interface SampledStep {
  readonly step: number;
  readonly epoch: number;
  /** `[batch]` int32 positions in the training split. */
  readonly indices: Int32Array;
  readonly indicesDigest: string;
}

/** One step, finished by every variant. */
export interface JoinedStep {
  readonly step: number;
  readonly epoch: number;
  readonly indices: Int32Array;
  readonly indicesDigest: string;
  /** By variant name, in the order of the pools. */
  readonly replies: Readonly<Record<string, StepReply>>;
}

export interface LockstepOptions {
  readonly sessionId: string;
  readonly pools: readonly VariantPool[];
  /** First and last step, both included; steps count from 1. */
  readonly from: number;
  readonly to: number;
  /** How many steps may be under way beyond the oldest unfinished one; at least 0. */
  readonly lookAhead: number;
  /** Evaluate each variant on the minibatch after its update. */
  readonly evaluate: boolean;
  /** Draws a minibatch; called once a step, in order, only when the step may start. */
  readonly sample: (step: number) => SampledStep;
  /** No further step starts once aborted; those under way finish and are emitted. */
  readonly stop: AbortSignal;
}

/**
 * Streams minibatches to all pools and joins the replies by step.
 *
 * Every pool gets every step in order; a fast variant can be at most `lookAhead` steps ahead of the
 * slowest. Emits joined steps in order and completes after the last one. Any failure, a digest
 * that differs (`verification`) included, errors at once and starts nothing more.
 */
export function lockstep(options: LockstepOptions): Observable<JoinedStep> {
  const { from, to, lookAhead, stop } = options;
  const start = (step: number): Observable<JoinedStep> =>
    step > to || stop.aborted ? EMPTY : defer(() => sendToAll(options, options.sample(step)));
  // Each step that ends starts another: a list of all that are left would have to be gone through on a stop,
  // which RxJS does by recursion, too deep for some thousand.
  return range(from, lookAhead + 1).pipe(
    mergeMap(start),
    expand(({ step }) => start(step + lookAhead + 1)),
  );
}

function sendToAll(options: LockstepOptions, sampled: SampledStep): Observable<JoinedStep> {
  const { sessionId, pools, evaluate } = options;
  const { step, epoch, indices, indicesDigest } = sampled;
  const replies = Object.fromEntries(
    pools.map((pool) => [pool.variant, pool.run('step', { sessionId, step, indices, evaluate })]),
  );
  return forkJoin(replies).pipe(
    map((joined) => {
      for (const [variant, reply] of Object.entries(joined)) {
        requireSameMinibatch(sampled, variant, reply);
      }
      return { step, epoch, indices, indicesDigest, replies: joined };
    }),
  );
}

function requireSameMinibatch(sampled: SampledStep, variant: string, reply: StepReply): void {
  if (reply.step === sampled.step && reply.indicesDigest === sampled.indicesDigest) return;
  throw new LockstepError(
    'verification',
    `step ${sampled.step}: expected variant ${variant} to train on minibatch ` +
      `${sampled.indicesDigest}, got ${reply.indicesDigest} of step ${reply.step}`,
    { hint: 'The pairing is broken, so the trial was stopped; please report this as a bug.' },
  );
}
