import { count } from '../text/numbers.js';
import type { ConfigInSteps } from './config-in-steps.js';

/** What is probably wrong with the length of a training, a sentence each. */
export function trainingWarnings({ training, evaluation }: ConfigInSteps): string[] {
  const { steps, earlyStopping } = training;
  if (earlyStopping === undefined) return [];
  const { patience } = earlyStopping;
  const { every = steps } = evaluation;
  // The first evaluation is the best so far, and the next ones may be no better.
  const earliest = (1 + patience) * every;
  if (earliest < steps) return [];
  return [
    `training.earlyStopping.patience is ${count(patience, 'evaluation')}: at one in ${count(every, 'step')} (evaluation.every) no variant can stop before step ${earliest}, and the training has ${count(steps, 'step')}`,
  ];
}
