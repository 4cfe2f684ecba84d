import { normalBlock } from '../random/normal.js';
import { philoxBlock } from '../random/philox.js';
import { race } from './race.js';
import type { RaceRules } from './race.js';

/**
 * Gaps of the setting that typical costs are quoted for, in residual standard deviations: of 20 points
 * three are good, 0, 0.5 and 1 behind the best, and the others 4 behind; of other numbers the same share.
 * The first is the best one.
 */
export function fewGoodPoints(points: number): number[] {
  const good = Math.max(2, Math.round(0.15 * points));
  return Array.from({ length: points }, (_, point) => (point < good ? point / (good - 1) : 4));
}

/** Part of the key, so that no other use of the generator shares these draws. */
const purpose = 0x72616365;

/**
 * Independent normal values of points over seeds. What a seed does to all points alike is left out: it
 * cancels wherever points are compared on the same seeds.
 * @param gaps how far the mean of each point is below 0, in standard deviations
 * @param replicate each has draws of its own
 * @returns `[points][seeds]`, higher is better
 */
export function simulatedValues(
  gaps: readonly number[],
  { seeds, seed, replicate }: { seeds: number; seed: number; replicate: number },
): number[][] {
  const words = new Uint32Array(4);
  const block = new Float64Array(4);
  return gaps.map((gap, point) =>
    Array.from({ length: seeds }, (_, at) => {
      if (at % 4 === 0) {
        philoxBlock(words, at / 4, point, replicate, 0, seed, purpose);
        normalBlock(words, block);
      }
      return block[at % 4]! - gap;
    }),
  );
}

/** Simulated values at most for a typical cost, for a fraction of a second. */
const mostDraws = 200_000;
const mostReplicates = 50;

/** The trials that a race takes on average where few points are good, see {@link fewGoodPoints}. */
export function typicalRaceTrials(points: number, rules: Omit<RaceRules, 'direction'>): number {
  const { seeds } = rules;
  const gaps = fewGoodPoints(points);
  const affordable = Math.floor(mostDraws / (points * seeds));
  const replicates = Math.max(1, Math.min(mostReplicates, affordable));
  let trials = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const values = simulatedValues(gaps, { seeds, seed: 1, replicate });
    const { drops, survivors } = race(values, { ...rules, direction: 'higher' });
    trials += drops.reduce((sum, drop) => sum + drop.seeds, survivors.length * seeds);
  }
  return Math.round(trials / replicates);
}
