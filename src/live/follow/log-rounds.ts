import { setTimeout as sleep } from 'node:timers/promises';
import type { FollowedTrial } from './followed-trial.js';
import { LogWatch } from './log-watch.js';

export interface LogRoundsOptions {
  /** False: every round looks at the logs, without listening to the file system. */
  readonly watch: boolean;
  /** Milliseconds between two rounds where the file system does not tell. */
  readonly interval: number;
  /** Most milliseconds between two rounds. */
  readonly longest: number;
}

/** Where the file system does not tell, logs that have ended are looked at in one of so many rounds. */
const endedEvery = 10;
/** Milliseconds between rounds that only make sure that the file system has told of everything. */
const doubtInterval = 1000;
/** So many finds that were not told of show that it does not tell. */
const doubts = 2;
/** Least milliseconds from one round to the next: changes of many trials gather, which bounds the work. */
const gather = 5;

/**
 * When to look at which logs: at those of which the file system tells, once a second at all of them, and
 * at short intervals where it turns out not to tell.
 */
export class LogRounds {
  readonly #watch: LogWatch;
  readonly #interval: number;
  readonly #longest: number;
  #round = 0;
  #begun = 0;
  #told: ReadonlySet<number> = new Set();
  #isGeneral = true;
  #lastGeneral = -Infinity;
  #untold = 0;

  constructor(runFolder: string, { watch, interval, longest }: LogRoundsOptions) {
    this.#watch = new LogWatch(runFolder);
    this.#interval = interval;
    this.#longest = Math.min(doubtInterval, longest);
    if (!watch) this.#watch.close();
    this.#begin();
  }

  /** Whether a trial's log is to be read in this round; it is listened to from now on. */
  isDue(trial: FollowedTrial): boolean {
    const { works } = this.#watch;
    const isItsRound = works || !trial.hasEnded || this.#round % endedEvery === 0;
    if (!this.#told.has(trial.index) && !(this.#isGeneral && isItsRound)) return false;
    if (!trial.isFinished) this.#watch.listen(trial.index);
    return true;
  }

  /** To be told after a log was read. @param hasGrown whether there was anything new in it */
  wasRead(trial: FollowedTrial, hasGrown: boolean): void {
    if (trial.isFinished) this.#watch.unlisten(trial.index);
    if (this.#told.has(trial.index)) this.#untold = 0;
    else if (hasGrown && this.#round > 0 && this.#watch.works && (this.#untold += 1) >= doubts) {
      this.#watch.close();
    }
  }

  /** Begins the next round, when there is something to look at. @param stop begins it at once */
  async next(stop: AbortSignal | undefined): Promise<void> {
    if (this.#watch.works) {
      await this.#watch.wait(this.#longest, stop);
      // Only where much is logged: to wake up once more for each record would double what a tail takes.
      const tooSoon = this.#begun + gather - performance.now();
      if (tooSoon > 0) await pause(tooSoon, stop);
    } else {
      await pause(this.#interval, stop);
    }
    this.#round += 1;
    this.#begin();
  }

  close(): void {
    this.#watch.close();
  }

  #begin(): void {
    this.#told = this.#watch.take();
    this.#begun = performance.now();
    this.#isGeneral = !this.#watch.works || this.#begun - this.#lastGeneral >= doubtInterval;
    if (this.#isGeneral) this.#lastGeneral = this.#begun;
  }
}

/** Resolves after `ms`, or when the signal is aborted. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
}
