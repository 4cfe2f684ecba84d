import { LockstepError } from '../protocol/errors.js';
import type { Examples, NetworkPlan } from '../protocol/index.js';
import type { ObjectiveSpec } from './objectives.js';

/**
 * A plan whose balanced class weights are numbers, counted on the training split: n / (k n_c) for class c,
 * with n examples, k classes and n_c examples of the class (scikit-learn's `compute_class_weight`; King and
 * Zeng 2001). Other plans stay as they are.
 * @throws LockstepError `usage` where a class has no training example
 */
export function withClassWeights(network: NetworkPlan, train: Examples): NetworkPlan {
  const { objective, outputs } = network;
  const spec = objective.spec as ObjectiveSpec;
  if (spec.kind !== 'softmaxCrossEntropy' || spec.classWeights !== 'balanced') return network;
  const counts = new Array<number>(outputs).fill(0);
  for (const label of train.targets.values) counts[label]! += 1;
  const missing = counts.flatMap((count, label) => (count === 0 ? [label] : []));
  if (missing.length > 0) {
    const path = ['training', 'objective', 'classWeights'];
    throw new LockstepError(
      'usage',
      `${path.join('.')}: expected training examples of all ${outputs} classes to balance, got none of ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', …' : ''}`,
      {
        path,
        hint: 'Give the weights as a list, split with data.validation.split: stratified, or end the network with a unit for each class there is.',
      },
    );
  }
  const classWeights = counts.map((count) => train.count / (outputs * count));
  return {
    ...network,
    objective: { ...objective, spec: { ...spec, classWeights } as ObjectiveSpec },
  };
}

/** The weight of each class, in order, where the objective balances them. */
export function balancedWeights(
  before: NetworkPlan,
  after: NetworkPlan,
): readonly number[] | undefined {
  const spec = after.objective.spec as ObjectiveSpec;
  if (before === after || spec.kind !== 'softmaxCrossEntropy') return undefined;
  return spec.classWeights as readonly number[] | undefined;
}
