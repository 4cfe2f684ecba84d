import { pause } from '../../files/pause.js';
import type { FollowedTrial } from './followed-trial.js';
import { LogWatch } from './log-watch.js';

export interface LogRoundsOptions {
  /** False: look at the logs in every round instead of listening to the file system. */
  readonly watch: boolean;
  /** Milliseconds between two rounds where the file system reports no changes. */
  readonly interval: number;
  /** Most milliseconds between two rounds. */
  readonly longest: number;
}

/** Where the file system reports nothing, logs that have ended are read only every Nth round. */
const endedEvery = 10;
/** Milliseconds between rounds that verify that the file system has reported everything. */
const doubtInterval = 1000;
/** Number of unreported changes that show that it does not. */
const doubts = 2;
/** Least milliseconds from one round to the next: changes of many trials gather, which bounds the work. */
const gather = 5;

/**
 * Decides when to look at which logs: those that the file system reports, all of them once a second, and
 * all at short intervals where it turns out to report nothing.
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

  /** Whether to read a trial's log in this round; starts listening to it. */
  isDue(trial: FollowedTrial): boolean {
    const { works } = this.#watch;
    const isItsRound = works || !trial.hasEnded || this.#round % endedEvery === 0;
    if (!this.#told.has(trial.index) && !(this.#isGeneral && isItsRound)) return false;
    if (!trial.isFinished) this.#watch.listen(trial.index);
    return true;
  }

  /** Call after a log was read. @param hasGrown whether there was anything new in it */
  wasRead(trial: FollowedTrial, hasGrown: boolean): void {
    if (trial.isFinished) this.#watch.unlisten(trial.index);
    if (this.#told.has(trial.index)) this.#untold = 0;
    else if (hasGrown && this.#round > 0 && this.#watch.works && (this.#untold += 1) >= doubts) {
      this.#watch.close();
    }
  }

  /** Begins the next round when there is something to look at. @param stop begins it at once */
  async next(stop: AbortSignal | undefined): Promise<void> {
    if (this.#watch.works) {
      await this.#watch.wait(this.#longest, stop);
      // Without the pause, waking up for each of many records would double a tail's CPU time.
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
