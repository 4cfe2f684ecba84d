import type { Splits } from '../protocol/index.js';
import { LockstepError } from '../protocol/index.js';
import { sliceExamples } from './column.js';
import type { Dataset } from './dataset.js';

/**
 * Takes the validation split off the training examples as TensorFlow's `read_data_sets` does: the
 * first `validationSize` examples validate, the others train, in the files' order.
 *
 * @param validationSize in [0, number of training examples)
 * @throws LockstepError `usage` when no training example would be left
 */
export function splitTraining(dataset: Dataset, validationSize: number): Splits {
  const { train, test } = dataset;
  if (!Number.isInteger(validationSize) || validationSize < 0 || validationSize >= train.count) {
    throw new LockstepError(
      'usage',
      `data.validationSize: expected a whole number from 0 to ${train.count - 1}, as ${dataset.name} has ${train.count} training examples, got ${validationSize}`,
      { path: ['data', 'validationSize'] },
    );
  }
  return {
    validation: sliceExamples(train, 0, validationSize),
    train: sliceExamples(train, validationSize, train.count),
    test,
  };
}
