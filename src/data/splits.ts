import type { LabeledImages, Splits } from '../protocol/index.js';
import { LockstepError } from '../protocol/index.js';
import type { Dataset } from './dataset.js';

/**
 * Takes the validation split off the training images as TensorFlow's `read_data_sets` does: the
 * first `validationSize` images validate, the others train, in the files' order.
 *
 * @param validationSize in [0, number of training images)
 * @throws LockstepError `usage` when no training image would be left
 */
export function splitTraining(dataset: Dataset, validationSize: number): Splits {
  const { train, test } = dataset;
  if (!Number.isInteger(validationSize) || validationSize < 0 || validationSize >= train.count) {
    throw new LockstepError(
      'usage',
      `Expected data.validationSize to be an integer from 0 to ${train.count - 1}, as ${dataset.name} has ${train.count} training images, got ${validationSize}.`,
      { hint: 'Lower data.validationSize.' },
    );
  }
  return {
    validation: slice(train, 0, validationSize),
    train: slice(train, validationSize, train.count),
    test,
  };
}

function slice({ images, labels, count }: LabeledImages, from: number, to: number): LabeledImages {
  const pixels = images.length / count;
  return {
    count: to - from,
    images: images.subarray(from * pixels, to * pixels),
    labels: labels.subarray(from, to),
  };
}
