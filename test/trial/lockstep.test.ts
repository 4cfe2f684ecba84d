import { expect } from 'chai';
import { map, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { lockstep } from '../../src/trial/lockstep.js';
import type { LockstepOptions, SampledStep } from '../../src/trial/lockstep.js';
import { digest } from '../../src/protocol/digest.js';
import { LockstepError } from '../../src/protocol/index.js';
import type { VariantSession } from '../../src/variants/backend.js';
import { createFakeSession, silentSession } from '../support/fake-session.js';

function sample(step: number): SampledStep {
  const indices = Int32Array.of(step, step + 1);
  return { step, epoch: 0, indices, indicesDigest: digest(indices) };
}

function options(overrides: Partial<LockstepOptions>): LockstepOptions {
  return {
    sessions: () => [],
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
      const sessions = [createFakeSession('fast', 1), createFakeSession('slow', 3)];
      const joined = lockstep(options({ sessions: () => sessions })).pipe(map(({ step }) => step));
      expectObservable(joined).toBe('---a--b--(c|)', steps);
    });
  });

  it('gives every session every step, in the order of the steps', () => {
    marbles(({ flush }) => {
      const sessions = [createFakeSession('fast', 1), createFakeSession('slow', 3)];
      lockstep(options({ sessions: () => sessions, to: 5 })).subscribe({ error: fail });
      flush();
      for (const { sent } of sessions) expect(sent).to.deep.equal([1, 2, 3, 4, 5]);
    });
  });

  it("gives every session the step's learning rate of its variant", () => {
    marbles(({ flush }) => {
      const got: unknown[] = [];
      const sessions = ['a', 'b'].map((variant): VariantSession => {
        const session = createFakeSession(variant, 1);
        const step: VariantSession['step'] = (task) => {
          got.push([variant, task.step, task.learningRate]);
          return session.step(task);
        };
        return { ...session, step };
      });
      const learningRate = (variant: string, step: number) =>
        variant === 'a' ? 1 / step : undefined;
      lockstep(options({ sessions: () => sessions, to: 2, learningRate })).subscribe({
        error: fail,
      });
      flush();
      const due = [
        ...['a', 1, 1],
        ...['b', 1, undefined],
        ...['a', 2, 0.5],
        ...['b', 2, undefined],
      ];
      expect(got.flat()).to.deep.equal(due);
    });
  });

  it('lets a fast variant be at most lookAhead steps ahead of the slowest', () => {
    for (const lookAhead of [0, 1, 2, 4]) {
      marbles(({ flush }) => {
        const sessions = [createFakeSession('fast', 1), createFakeSession('slow', 10)];
        let finished = 0;
        let ahead = 0;
        lockstep(
          options({
            sessions: () => sessions,
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
      const sessions = [createFakeSession('only', 2)];
      const joined = lockstep(
        options({ sessions: () => sessions, to: 100, lookAhead: 1, stop: stop.signal }),
      ).pipe(
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
      const sessions = [createFakeSession('only', 2)];
      const joined = lockstep(
        options({ sessions: () => sessions, to: 1_000_000, stop: stop.signal }),
      ).pipe(
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
      const failing = createFakeSession('failing', 2, (reply) => {
        if (reply.step === 2) throw failure;
        return reply;
      });
      const sessions = [failing, createFakeSession('slow', 2)];
      const joined = lockstep(options({ sessions: () => sessions, to: 9 })).pipe(
        map(({ step }) => step),
      );
      expectObservable(joined).toBe('--a-#', steps, failure);
      flush();
      expect(failing.sent).to.deep.equal([1, 2, 3, 4]);
    });
  });

  it('fails as a verification error when a variant trained on another minibatch', () => {
    marbles(({ flush }) => {
      const sessions = [
        createFakeSession('right', 1),
        createFakeSession('wrong', 1, (reply) => ({ ...reply, indicesDigest: 'other' })),
      ];
      let error: unknown;
      lockstep(options({ sessions: () => sessions })).subscribe({
        error: (caught: unknown) => (error = caught),
      });
      flush();
      expect(error).to.be.instanceOf(LockstepError);
      expect((error as LockstepError).code).to.equal('verification');
      expect((error as LockstepError).message).to.match(
        /variant wrong .* got other with targets \w+ of step 1/,
      );
    });
  });

  it('fails as a verification error when a variant took other targets', () => {
    marbles(({ flush }) => {
      const sessions = [
        createFakeSession('right', 1),
        createFakeSession('wrong', 1, (reply) => ({ ...reply, targetsDigest: 'other' })),
      ];
      let error: unknown;
      lockstep(options({ sessions: () => sessions })).subscribe({
        error: (caught: unknown) => (error = caught),
      });
      flush();
      expect((error as LockstepError).code).to.equal('verification');
      expect((error as LockstepError).message).to.match(/variant wrong .* with targets other/);
    });
  });

  it('sends later steps only to the sessions that still take part', () => {
    marbles(({ flush }) => {
      const [stays, leaves] = [createFakeSession('stays', 1), createFakeSession('leaves', 1)];
      let sessions = [stays, leaves];
      const variants: string[][] = [];
      lockstep(options({ sessions: () => sessions, to: 4, lookAhead: 0 })).subscribe({
        next: ({ step, replies }) => {
          variants.push(Object.keys(replies));
          if (step === 2) sessions = [stays];
        },
        error: fail,
      });
      flush();
      expect(variants).to.deep.equal([
        ['stays', 'leaves'],
        ['stays', 'leaves'],
        ['stays'],
        ['stays'],
      ]);
      expect(leaves.sent).to.deep.equal([1, 2]);
    });
  });

  it('waits for ever, without completing, while a worker is silent', () => {
    marbles(({ expectObservable }) => {
      const sessions = () => [silentSession('silent')];
      expectObservable(lockstep(options({ sessions }))).toBe('-');
    });
  });

  it('unsubscribes from the workers when it is unsubscribed early', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const reply = cold('-----');
      const sessions = [{ ...silentSession('silent'), step: () => reply as never }];
      expectObservable(lockstep(options({ sessions: () => sessions, lookAhead: 0 })), '^--!').toBe(
        '-',
      );
      expectSubscriptions(reply.subscriptions).toBe('^--!');
    });
  });

  it('completes at once when there is no step to run', () => {
    marbles(({ expectObservable }) => {
      const sessions = [createFakeSession('only', 1)];
      expectObservable(lockstep(options({ sessions: () => sessions, from: 4, to: 3 }))).toBe('|');
    });
  });
});
