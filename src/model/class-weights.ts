import { LockstepError } from '../protocol/errors.js';
import type { Examples, NetworkPlan } from '../protocol/index.js';
import type { ObjectiveSpec } from './objectives.js';

/** A plan, and the weight of each class, in order, where its objective balanced them. */
export interface WeightedNetwork {
  readonly network: NetworkPlan;
  readonly classWeights?: readonly number[];
}

/**
 * The plan whose balanced class weights are numbers, counted on the training split: n / (k n_c) for class c,
 * with n examples, k classes and n_c examples of the class (scikit-learn's `compute_class_weight`; King and
 * Zeng 2001). Other plans stay as they are.
 * @throws LockstepError `usage` where a class has no training example
 */
export function withClassWeights(network: NetworkPlan, train: Examples): WeightedNetwork {
  const { objective, outputs } = network;
  const spec = objective.spec as ObjectiveSpec;
  if (spec.kind !== 'softmaxCrossEntropy' || spec.classWeights !== 'balanced') {
    return { network };
  }
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
  const weighted: ObjectiveSpec = { ...spec, classWeights };
  return { network: { ...network, objective: { ...objective, spec: weighted } }, classWeights };
}
