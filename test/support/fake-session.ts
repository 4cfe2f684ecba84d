import { asyncScheduler, defer, map, NEVER, timer } from 'rxjs';
import { digest } from '../../src/protocol/digest.js';
import type { StepReply } from '../../src/protocol/index.js';
import type { VariantSession } from '../../src/variants/backend.js';

export interface FakeSession extends VariantSession {
  /** Steps in the order in which they were sent. */
  readonly sent: number[];
}

/** A session that never answers. */
export function silentSession(variant: string): VariantSession {
  return {
    variant,
    facts: {
      engine: { name: 'wasm', version: '0', device: 'cpu', details: {} },
      parameters: 1,
    },
    step: () => NEVER,
    evaluate: () => NEVER,
    save: () => NEVER,
    destroy: () => Promise.resolve(),
  };
}

/**
 * A session that answers steps one at a time, in the order they were sent, each after `stepTime`
 * milliseconds (virtual ones under RxJS's TestScheduler).
 * @param answer replaces a reply, or throws
 */
export function createFakeSession(
  variant: string,
  stepTime: number,
  answer: (reply: StepReply) => StepReply = (reply) => reply,
): FakeSession {
  const sent: number[] = [];
  let freeAt = 0;
  return {
    ...silentSession(variant),
    sent,
    step: ({ step, indices }) =>
      defer(() => {
        sent.push(step);
        const now = asyncScheduler.now();
        freeAt = Math.max(now, freeAt) + stepTime;
        return timer(freeAt - now).pipe(
          map(() =>
            answer({
              step,
              examples: indices.length,
              sums: { loss: indices.length / step, correct: 1 },
              indicesDigest: digest(indices),
              targetsDigest: digest(Int32Array.from(indices, (index) => index % 3)),
              inputDigest: digest(Float32Array.from(indices)),
              trainMs: stepTime,
              evalMs: 0,
            }),
          ),
        );
      }),
  };
}
