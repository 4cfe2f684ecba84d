import { expect } from 'chai';
import {
  defer,
  finalize,
  ignoreElements,
  lastValueFrom,
  of,
  tap,
  throwError,
  timer,
  toArray,
} from 'rxjs';
import { LockstepError } from '../../src/protocol/index.js';
import { automaticJobs } from '../../src/schedule/automatic-jobs.js';
import type { TrialEvent } from '../../src/schedule/executors/process.js';
import { runTrials } from '../../src/schedule/run-trials.js';

const trials = [0, 1].map((index) => ({ index, seed: index + 1, point: {} }));

/** The kinds of the events of running two trials whose first one fails `failures` times. */
async function kinds(error: LockstepError, failures: number, retries: number): Promise<string[]> {
  let left = failures;
  const events = runTrials({
    trials,
    jobs: 1,
    retries,
    stop: new AbortController().signal,
    launch: ({ index }) =>
      defer(() => {
        if (index === 0 && left-- > 0) return throwError(() => error);
        return of<TrialEvent>({ kind: 'notice', trial: index, text: 'trained' });
      }),
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
      trials: many,
      jobs: 2,
      retries: 0,
      stop: stop.signal,
      launch: ({ index }) => {
        launched.push(index);
        return timer(1).pipe(
          tap(() => {
            stop.abort();
          }),
          ignoreElements(),
        );
      },
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

describe('the places of trials', () => {
  it('are taken by one trial at a time, and given to the next', async () => {
    const held = new Set<number>();
    const places: number[] = [];
    const events = runTrials({
      trials: [0, 1, 2, 3, 4].map((index) => ({ index, seed: 1, point: {} })),
      jobs: 2,
      retries: 0,
      stop: new AbortController().signal,
      launch: ({ index }, place) => {
        expect(held.has(place)).to.equal(false);
        held.add(place);
        places.push(place);
        return timer(index === 0 ? 30 : 5).pipe(
          ignoreElements(),
          finalize(() => held.delete(place)),
        );
      },
    });
    await lastValueFrom(events);
    expect(places).to.deep.equal([0, 1, 1, 1, 1]);
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
