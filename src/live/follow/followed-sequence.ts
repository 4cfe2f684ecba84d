import type { Manifest } from '../../run/manifest.js';
import { readTrial } from '../../run/read-trial.js';
import type { RunTrial } from '../../run/read-trial.js';
import { followSequence } from '../../run/sequence.js';
import type { FollowSequence, RunSequence } from '../../run/sequence.js';

/** Told whenever further seeds of a run that is decided in sequence have settled. */
export type OnLook = (sequence: RunSequence) => void;

/** Milliseconds between two looks at results, at least. */
const lookPeriod = 100;

/** The looks of a run that is followed, as far as its results go. */
export class FollowedSequence {
  readonly #runFolder: string;
  readonly #manifest: Manifest;
  readonly #onLook: OnLook;
  readonly #follow: FollowSequence | undefined;
  readonly #ended = new Map<number, RunTrial>();
  #sequence: RunSequence | undefined;
  #lookedAt = -Infinity;

  constructor(runFolder: string, manifest: Manifest, onLook: OnLook) {
    this.#runFolder = runFolder;
    this.#manifest = manifest;
    this.#onLook = onLook;
    this.#follow = followSequence(manifest);
  }

  /** Whether a trial is not run, as the verdict was reached before. */
  spares(trial: number): boolean {
    return this.#sequence?.spared.has(trial) === true;
  }

  /** Reads the results of the seeds that have settled since. */
  async look(): Promise<void> {
    if (this.#follow === undefined || this.#sequence?.decided === true) return;
    if (performance.now() - this.#lookedAt < lookPeriod) return;
    this.#lookedAt = performance.now();
    const before = this.#ended.size;
    for (const trial of this.#manifest.trials.slice(before)) {
      const found = await readTrial(this.#runFolder, trial);
      if (found.result === undefined && found.state !== 'failed') break;
      this.#ended.set(trial.index, found);
    }
    if (this.#ended.size === before) return;
    this.#sequence = this.#follow((index) => this.#ended.get(index));
    this.#onLook(this.#sequence);
  }
}
