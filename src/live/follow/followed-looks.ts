import { followLooks } from '../../run/looks.js';
import type { FollowLooks, Look } from '../../run/looks.js';
import type { Manifest } from '../../run/manifest.js';
import { readTrial } from '../../run/read-trial.js';
import type { RunTrial } from '../../run/read-trial.js';

/** Told how a run whose trials depend on results stands, whenever further ones have settled. */
export type OnLook = (look: Look) => void;

/** Milliseconds between two times that results are read, at least. */
const readPeriod = 100;

/** The looks of a run that is followed, as far as its results go. */
export class FollowedLooks {
  readonly #runFolder: string;
  readonly #onLook: OnLook;
  readonly #follow: FollowLooks | undefined;
  readonly #settled = new Map<number, RunTrial>();
  #look: Look | undefined;
  #readAt = -Infinity;

  constructor(runFolder: string, manifest: Manifest, onLook: OnLook) {
    this.#runFolder = runFolder;
    this.#onLook = onLook;
    this.#follow = followLooks(manifest);
    this.#take();
  }

  /** Whether a trial is not run, as results have made it needless. */
  spares(trial: number): boolean {
    return this.#look?.spared.has(trial) === true;
  }

  /** Reads the results that the next look waits for, and those of further ones if all are there. */
  async look(): Promise<void> {
    if (performance.now() - this.#readAt < readPeriod) return;
    this.#readAt = performance.now();
    while (this.#look !== undefined) {
      const before = this.#settled.size;
      for (const trial of this.#look.awaited) {
        if (this.#settled.has(trial.index)) continue;
        const found = await readTrial(this.#runFolder, trial);
        if (found.result !== undefined || found.state === 'failed') {
          this.#settled.set(trial.index, found);
        }
      }
      if (this.#settled.size === before) return;
      this.#take();
    }
  }

  #take(): void {
    this.#look = this.#follow?.((index) => this.#settled.get(index));
    if (this.#look !== undefined) this.#onLook(this.#look);
  }
}
