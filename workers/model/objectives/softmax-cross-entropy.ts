import type { Tensor1D } from '@tensorflow/tfjs-core';
import { LockstepError } from '../../../src/protocol/index.js';
import { meanOverExamples } from './mean-loss.js';
import type { ObjectiveOp } from './op.js';

/**
 * Cross-entropy of the softmax of the outputs and the one-hot class, smoothed to
 * `(1 - s) onehot + s / classes`, times the weight of the class. As Keras's CategoricalCrossentropy with
 * `class_weight`: the mean is over the number of examples, not the sum of their weights.
 */
export const softmaxCrossEntropy: ObjectiveOp<'softmaxCrossEntropy'> = (
  outputs,
  targets,
  { labelSmoothing, classWeights },
  engine,
) => {
  if (labelSmoothing === 0 && classWeights === undefined) {
    return engine.softmaxCrossEntropy(outputs, targets as Tensor1D);
  }
  if (classWeights === 'balanced') {
    throw new LockstepError('bug', 'expected balanced class weights as numbers, got none');
  }
  const spread = labelSmoothing / outputs.shape[1];
  return meanOverExamples(engine, { outputs, targets }, (logits, labels, row, gradient) => {
    const label = labels[row]!;
    const weight = classWeights?.[label] ?? 1;
    const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const logOfTotal = Math.log(logits.reduce((sum, x) => sum + Math.exp(x - largest), 0));
    let loss = 0;
    logits.forEach((logit, index) => {
      const logProbability = logit - largest - logOfTotal;
      const target = spread + (index === label ? 1 - labelSmoothing : 0);
      // Without smoothing the target is 0, which an infinite logarithm must not make NaN.
      if (target !== 0) loss -= target * logProbability;
      gradient[index] = weight * (Math.exp(logProbability) - target);
    });
    return weight * loss;
  });
};
