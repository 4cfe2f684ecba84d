import { expect } from 'chai';
import {
  concat,
  defer,
  finalize,
  ignoreElements,
  lastValueFrom,
  map,
  NEVER,
  of,
  take,
  tap,
  throwError,
  timer,
  toArray,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { LockstepError } from '../../src/protocol/index.js';
import { automaticJobs } from '../../src/schedule/automatic-jobs.js';
import { fixedCourse } from '../../src/schedule/course.js';
import type { Course } from '../../src/schedule/course.js';
import type { Executor, TrialEvent } from '../../src/schedule/executors/executor.js';
import { runTrials } from '../../src/schedule/run-trials.js';
import { expectError } from '../support/expect-error.js';

function executor(
  slots: number,
  launch: Executor['launch'],
  onDispose: () => void = () => undefined,
): Executor {
  return { slots, launch, dispose: onDispose };
}

function throwIt(error: unknown): never {
  throw error;
}

const trials = [0, 1].map((index) => ({ index, seed: index + 1, point: {} }));

/** The kinds of the events of running two trials whose first one fails `failures` times. */
async function kinds(error: LockstepError, failures: number, retries: number): Promise<string[]> {
  let left = failures;
  const events = runTrials({
    course: fixedCourse(trials),
    retries,
    stallTimeout: 0,
    stop: new AbortController().signal,
    executor: executor(1, ({ index }) =>
      defer(() => {
        if (index === 0 && left-- > 0) return throwError(() => error);
        return of<TrialEvent>({ kind: 'notice', trial: index, text: 'trained' });
      }),
    ),
  });
  const all = await lastValueFrom(events.pipe(toArray()));
  return all.map((event) => (event.kind === 'notice' ? event.text : event.kind));
}

describe('runTrials', () => {
  const lost = new LockstepError('worker', 'lost');

  it('completes after a stop however many trials are left', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ index, seed: index, point: {} }));
    const stop = new AbortController();
    const launched: number[] = [];
    const events = runTrials({
      course: fixedCourse(many),
      retries: 0,
      stallTimeout: 0,
      stop: stop.signal,
      executor: executor(2, ({ index }) => {
        launched.push(index);
        return timer(1).pipe(
          tap(() => {
            stop.abort();
          }),
          ignoreElements(),
        );
      }),
    });
    await lastValueFrom(events);
    expect(launched).to.deep.equal([0, 1]);
  });

  it('starts a trial again that lost its process, and says so', async () => {
    expect(await kinds(lost, 1, 1)).to.deep.equal([
      'launch',
      'lost; starting it again from its newest checkpoint',
      'trained',
      'settled',
      'launch',
      'trained',
      'settled',
    ]);
  });

  it('tells a failure once the retries are used up, and goes on with the others', async () => {
    expect((await kinds(lost, 3, 1)).slice(2)).to.deep.equal([
      'failure',
      'settled',
      'launch',
      'trained',
      'settled',
    ]);
  });

  it('never starts a trial again whose failure would repeat itself', async () => {
    for (const code of ['data', 'disk', 'diverged', 'usage', 'bug'] as const) {
      const events = await kinds(new LockstepError(code, 'as before'), 1, 5);
      expect(events.slice(0, 2)).to.deep.equal(['launch', 'failure']);
    }
  });
});

describe('the slots of trials', () => {
  it('are taken by one trial at a time, and given to the next', async () => {
    const held = new Set<number>();
    const slots: number[] = [];
    const events = runTrials({
      course: fixedCourse([0, 1, 2, 3, 4].map((index) => ({ index, seed: 1, point: {} }))),
      retries: 0,
      stallTimeout: 0,
      stop: new AbortController().signal,
      executor: executor(2, ({ index }, slot) => {
        expect(held.has(slot)).to.equal(false);
        held.add(slot);
        slots.push(slot);
        return timer(index === 0 ? 30 : 5).pipe(
          ignoreElements(),
          finalize(() => held.delete(slot)),
        );
      }),
    });
    await lastValueFrom(events);
    expect(slots).to.deep.equal([0, 1, 1, 1, 1]);
  });
});

describe('a course that depends on results', () => {
  const many = Array.from({ length: 6 }, (_, index) => ({ index, seed: index, point: {} }));

  /** Runs a course on two slots; a trial takes as many milliseconds as `durations` says. */
  async function launchedBy(course: Course, durations: readonly number[]): Promise<string[]> {
    const told: string[] = [];
    const events = runTrials({
      course,
      retries: 0,
      stallTimeout: 0,
      stop: new AbortController().signal,
      executor: executor(2, ({ index }) => timer(durations[index]!).pipe(ignoreElements())),
    });
    await lastValueFrom(events.pipe(tap((event) => told.push(`${event.kind} ${event.trial}`))), {
      defaultValue: undefined,
    });
    return told;
  }

  it('is asked again only after it has taken in what settled, in a slot that waits too', async () => {
    const settled: number[] = [];
    let launched = 0;
    const pairs: Course = {
      next() {
        // Two at a time: the next two once both have settled.
        if (launched === many.length) return undefined;
        return launched % 2 === 0 && settled.length < launched ? 'wait' : many[launched++];
      },
      async settled({ index }) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        settled.push(index);
      },
    };
    const told = await launchedBy(pairs, [30, 1, 1, 30, 1, 1]);
    const launches = told.flatMap((event, at) => (event.startsWith('launch') ? [at] : []));
    expect(launches).to.deep.equal([0, 1, 4, 5, 8, 9]);
    expect(settled).to.have.members([0, 1, 2, 3, 4, 5]);
  });

  it('ends early, and lets those that run finish', async () => {
    let [launched, isDecided] = [0, false];
    const told = await launchedBy(
      {
        next: () => (isDecided ? undefined : many[launched++]),
        settled({ index }) {
          isDecided ||= index === 1;
          return undefined;
        },
      },
      [30, 1, 1, 1, 1, 1],
    );
    expect(told).to.deep.equal(['launch 0', 'launch 1', 'settled 1', 'settled 0']);
  });

  it('that waits while nothing runs is a bug, and one that cannot read a result ends the run', async () => {
    const idle: Course = { next: () => 'wait', settled: () => undefined };
    const message = 'expected a trial to launch while none runs, got a wait';
    await expectError('bug', message, () => launchedBy(idle, []));
    const unreadable: Course = {
      ...fixedCourse(many),
      settled: () => Promise.reject(new LockstepError('data', 'torn')),
    };
    await expectError('data', 'torn', () => launchedBy(unreadable, [1, 1, 1, 1, 1, 1]));
  });
});

describe('a trial that falls silent', () => {
  const notice = (trial: number, text: string): TrialEvent => ({ kind: 'notice', trial, text });
  const minute = 60_000;

  /** What two trials tell, of which the first hangs after two minutes, and how often it was ended. */
  function toldBy(stallTimeout: number, retries: number) {
    const scheduler = new TestScheduler((actual, expected) => {
      expect(actual).to.deep.equal(expected);
    });
    const told: string[] = [];
    let ended = 0;
    scheduler.run(({ flush }) => {
      runTrials({
        course: fixedCourse(trials),
        retries,
        stallTimeout,
        stop: new AbortController().signal,
        executor: executor(1, ({ index }) => {
          const lively = timer(0, minute).pipe(map((at) => notice(index, `minute ${at}`)));
          if (index === 1) return timer(2 * minute).pipe(map(() => notice(1, 'slow')));
          return concat(lively.pipe(take(3)), NEVER).pipe(finalize(() => (ended += 1)));
        }),
      }).subscribe({
        next: (event) => {
          const text = event.kind === 'notice' ? event.text : event.kind;
          const what =
            event.kind === 'failure' ? `${event.error.code}: ${event.error.message}` : text;
          told.push(`${scheduler.now() / minute} ${what}`);
        },
        error: throwIt,
      });
      flush();
    });
    return { told, ended };
  }

  it('is ended after the deadline since its last record, launched again, and lost in the end', () => {
    const silent = 'trial 0: expected a record within 300 s, got none: its process was killed';
    expect(toldBy(5 * minute, 1)).to.deep.equal({
      told: [
        ...['0 launch', '0 minute 0', '1 minute 1', '2 minute 2'],
        `7 ${silent}; starting it again from its newest checkpoint`,
        ...['7 minute 0', '8 minute 1', '9 minute 2'],
        `14 worker: ${silent}`,
        ...['14 settled', '14 launch', '16 slow', '16 settled'],
      ],
      ended: 2,
    });
  });

  it('has all the time there is where the deadline is 0', () => {
    expect(toldBy(0, 1).told.at(-1)).to.equal('2 minute 2');
  });
});

describe('an executor', () => {
  it('is disposed of once all trials have settled, and when nobody waits for them any more', async () => {
    let disposed = 0;
    const options = (launch: Executor['launch']) => ({
      ...{
        course: fixedCourse(trials),
        retries: 0,
        stallTimeout: 0,
        stop: new AbortController().signal,
      },
      executor: executor(2, launch, () => (disposed += 1)),
    });
    await lastValueFrom(runTrials(options(() => timer(1).pipe(ignoreElements()))));
    expect(disposed).to.equal(1);
    runTrials(options(() => NEVER))
      .subscribe({ error: throwIt })
      .unsubscribe();
    expect(disposed).to.equal(2);
  });
});

describe('automaticJobs', () => {
  it('gives every session a core, every trial 2 GiB and a GPU where there are some, and runs one trial anywhere', () => {
    const gib = 2 ** 30;
    expect(automaticJobs(2, { cores: 16, memory: 64 * gib })).to.equal(8);
    expect(automaticJobs(2, { cores: 16, memory: 5 * gib })).to.equal(2);
    expect(automaticJobs(3, { cores: 2, memory: gib })).to.equal(1);
    expect(automaticJobs(2, { cores: 16, memory: 64 * gib, gpus: 2 })).to.equal(2);
  });
});
