import { lossFigure, stepLosses, trialLosses } from '../../src/report/figure-data.js';
import type { LossFigure } from '../../src/report/figure-data.js';
import { trialHistory } from '../../src/run/trial-history.js';
import { trialRecords } from './log-records.js';
import type { TrialOptions } from './log-records.js';

/** The figure of made-up trials. */
export function figureOf(...trials: TrialOptions[]): LossFigure {
  return lossFigure(
    trials.map((options) => {
      const { start, steps } = trialHistory(trialRecords(options));
      return trialLosses(start, steps.map(stepLosses));
    }),
  );
}
