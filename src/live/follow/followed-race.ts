import type { Manifest } from '../../run/manifest.js';
import { isOver, raceOf } from '../../run/race.js';
import type { RunRace } from '../../run/race.js';
import { readTrial } from '../../run/read-trial.js';
import type { RunTrial } from '../../run/read-trial.js';
import type { RaceDrop } from '../../statistics/race.js';

/** Told of each drop of a race that is followed. */
export type OnDrop = (drop: RaceDrop, race: RunRace) => void;

/** Milliseconds between two looks at results, at least. */
const lookPeriod = 100;

/** The race of a run that is followed, as far as its results go. */
export class FollowedRace {
  readonly #runFolder: string;
  readonly #manifest: Manifest;
  readonly #onDrop: OnDrop;
  readonly #ended = new Map<number, RunTrial>();
  #race: RunRace | undefined;
  #told = 0;
  #lookedAt = -Infinity;

  constructor(runFolder: string, manifest: Manifest, onDrop: OnDrop) {
    this.#runFolder = runFolder;
    this.#manifest = manifest;
    this.#onDrop = onDrop;
    this.#advance();
  }

  /** Whether a trial is not run, as its point has been dropped. */
  spares(trial: number): boolean {
    return this.#race?.spared.has(trial) === true;
  }

  /** Reads results of the seed that is being run, and of the next ones if all are there. */
  async look(): Promise<void> {
    if (performance.now() - this.#lookedAt < lookPeriod) return;
    this.#lookedAt = performance.now();
    while (this.#race !== undefined && !isOver(this.#race)) {
      const { survivors, round, trials } = this.#race;
      const before = this.#ended.size;
      for (const point of survivors) {
        const trial = trials[point]![round]!;
        if (this.#ended.has(trial.index)) continue;
        const found = await readTrial(this.#runFolder, trial);
        if (found.result !== undefined || found.state === 'failed') {
          this.#ended.set(trial.index, found);
        }
      }
      if (this.#ended.size === before) return;
      this.#advance();
    }
  }

  #advance(): void {
    const race = raceOf(this.#manifest, (index) => this.#ended.get(index));
    for (const drop of race?.drops.slice(this.#told) ?? []) this.#onDrop(drop, race!);
    this.#told = race?.drops.length ?? 0;
    this.#race = race;
  }
}
