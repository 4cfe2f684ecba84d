import type { Trial } from '../../src/run/manifest.js';
import type { TrialOptions } from './log-records.js';
import { noise } from './synthetic-run.js';
import type { SyntheticRun } from './synthetic-run.js';

const path = 'variants.snn.optimizer.learningRate';
/** The swept values; how good each is, is made up below. */
const rates = [0.1, 0.2, 0.4, 0.8, 1.6];
/** Behind the first point, in test accuracy. */
const gaps = [0, 0.004, 0.06, 0.12, 0];

export const racedSeeds = [1, 2, 3, 4, 5, 6];

/**
 * A race of five learning rates over six seeds with results of all trials, also of those that the race
 * spares: the points at 0.4 and 0.8 fall behind, that at 1.6 diverges on the second seed.
 * @param has which trials there are; default: all
 */
export function racedRun(
  has: (trial: Trial) => boolean = () => true,
  last: Pick<TrialOptions, 'outcome' | 'reason'> = { outcome: 'diverged', reason: 'NaN' },
): SyntheticRun {
  return {
    seeds: racedSeeds,
    steps: 5,
    overrides: [
      `sweep={method: race, of: {variant: snn}, parameters: {${path}: {values: [${rates.join()}]}}}`,
    ],
    points: rates.map((rate) => ({ [path]: rate })),
    trial(trial, variants) {
      if (!has(trial)) return undefined;
      const { index, seed } = trial;
      const at = rates.indexOf(Number(trial.point[path]));
      const isLost = at === 4 && seed === 2;
      return {
        ...{ trial: index, seed, steps: 5 },
        test: variants.map(
          (_, variant) =>
            0.8 +
            (0.1 - gaps[at]!) * variant +
            0.01 * noise(seed, 7) +
            0.004 * noise(seed, at, variant),
        ),
        ...(isLost && last),
        ...(isLost &&
          last.outcome === 'diverged' && { loss: (variant) => (variant === 1 ? 'NaN' : 1) }),
      };
    },
  };
}
