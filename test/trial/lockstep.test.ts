import { expect } from 'chai';
import { map, NEVER, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { lockstep } from '../../src/trial/lockstep.js';
import type { LockstepOptions, SampledStep } from '../../src/trial/lockstep.js';
import { digest } from '../../src/protocol/digest.js';
import { LockstepError } from '../../src/protocol/index.js';
import { createFakePool } from '../support/fake-pool.js';

function sample(step: number): SampledStep {
  const indices = Int32Array.of(step, step + 1);
  return { step, epoch: 0, indices, indicesDigest: digest(indices) };
}

function options(overrides: Partial<LockstepOptions>): LockstepOptions {
  return {
    sessionId: 'session',
    pools: [],
    from: 1,
    to: 3,
    lookAhead: 2,
    evaluate: true,
    sample,
    stop: new AbortController().signal,
    ...overrides,
  };
}

/** Runs with virtual time; marbles compare deeply. */
function marbles(test: Parameters<TestScheduler['run']>[0]): void {
  new TestScheduler((actual, expected) => {
    expect(actual).to.deep.equal(expected);
  }).run(test);
}

function fail(error: unknown): never {
  throw error;
}

const steps = { a: 1, b: 2, c: 3, d: 4, e: 5 };

describe('lockstep', () => {
  it('emits a step when the slowest variant has finished it, in order', () => {
    marbles(({ expectObservable }) => {
      const pools = [createFakePool('fast', 1), createFakePool('slow', 3)];
      const joined = lockstep(options({ pools })).pipe(map(({ step }) => step));
      expectObservable(joined).toBe('---a--b--(c|)', steps);
    });
  });

  it('gives every pool every step, in the order of the steps', () => {
    marbles(({ flush }) => {
      const pools = [createFakePool('fast', 1), createFakePool('slow', 3)];
      lockstep(options({ pools, to: 5 })).subscribe({ error: fail });
      flush();
      for (const pool of pools) expect(pool.sent).to.deep.equal([1, 2, 3, 4, 5]);
    });
  });

  it('lets a fast variant be at most lookAhead steps ahead of the slowest', () => {
    for (const lookAhead of [0, 1, 2, 4]) {
      marbles(({ flush }) => {
        const pools = [createFakePool('fast', 1), createFakePool('slow', 10)];
        let finished = 0;
        let ahead = 0;
        lockstep(
          options({
            pools,
            to: 20,
            lookAhead,
            sample: (step) => {
              ahead = Math.max(ahead, step - finished - 1);
              return sample(step);
            },
          }),
        ).subscribe({ next: () => (finished += 1), error: fail });
        flush();
        expect(finished).to.equal(20);
        expect(ahead).to.equal(lookAhead);
      });
    }
  });

  it('starts no step after a stop, and emits those under way', () => {
    marbles(({ expectObservable }) => {
      const stop = new AbortController();
      const pools = [createFakePool('only', 2)];
      const joined = lockstep(options({ pools, to: 100, lookAhead: 1, stop: stop.signal })).pipe(
        map(({ step }) => step),
        tap(() => {
          stop.abort();
        }),
      );
      expectObservable(joined).toBe('--a-(b|)', steps);
    });
  });

  it('completes after a stop however many steps are left', () => {
    marbles(({ expectObservable }) => {
      const stop = new AbortController();
      const pools = [createFakePool('only', 2)];
      const joined = lockstep(options({ pools, to: 1_000_000, stop: stop.signal })).pipe(
        map(({ step }) => step),
        tap(() => {
          stop.abort();
        }),
      );
      expectObservable(joined).toBe('--a-b-(c|)', steps);
    });
  });

  it('fails at once when one variant fails, and starts nothing more', () => {
    marbles(({ expectObservable, flush }) => {
      const failure = new LockstepError('worker', 'lost');
      const failing = createFakePool('failing', 2, (reply) => {
        if (reply.step === 2) throw failure;
        return reply;
      });
      const pools = [failing, createFakePool('slow', 2)];
      const joined = lockstep(options({ pools, to: 9 })).pipe(map(({ step }) => step));
      expectObservable(joined).toBe('--a-#', steps, failure);
      flush();
      expect(failing.sent).to.deep.equal([1, 2, 3, 4]);
    });
  });

  it('fails as a verification error when a variant trained on another minibatch', () => {
    marbles(({ flush }) => {
      const pools = [
        createFakePool('right', 1),
        createFakePool('wrong', 1, (reply) => ({ ...reply, indicesDigest: 'other' })),
      ];
      let error: unknown;
      lockstep(options({ pools })).subscribe({ error: (caught: unknown) => (error = caught) });
      flush();
      expect(error).to.be.instanceOf(LockstepError);
      expect((error as LockstepError).code).to.equal('verification');
      expect((error as LockstepError).message).to.match(/variant wrong .* got other of step 1/);
    });
  });

  it('waits for ever, without completing, while a worker is silent', () => {
    marbles(({ expectObservable }) => {
      const silent = { variant: 'silent', run: () => NEVER, destroy: () => Promise.resolve() };
      expectObservable(lockstep(options({ pools: [silent] }))).toBe('-');
    });
  });

  it('unsubscribes from the workers when it is unsubscribed early', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const reply = cold('-----');
      const pool = { variant: 'silent', run: () => reply, destroy: () => Promise.resolve() };
      const pools = [pool as never];
      expectObservable(lockstep(options({ pools, lookAhead: 0 })), '^--!').toBe('-');
      expectSubscriptions(reply.subscriptions).toBe('^--!');
    });
  });

  it('completes at once when there is no step to run', () => {
    marbles(({ expectObservable }) => {
      const pools = [createFakePool('only', 1)];
      expectObservable(lockstep(options({ pools, from: 4, to: 3 }))).toBe('|');
    });
  });
});
