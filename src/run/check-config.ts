import { variantSpecs } from '../config/variants.js';
import type { Config } from '../config/schema.js';
import { checkLabels } from '../data/dataset.js';
import type { Dataset } from '../data/dataset.js';
import { splitTraining } from '../data/splits.js';
import { planNetwork } from '../model/network.js';
import { LockstepError } from '../protocol/index.js';

const predictableClasses = 256;

/**
 * Checks a configuration against its dataset, so that nothing starts that could not finish.
 * @throws LockstepError `usage` naming the variant's layer whose shapes do not fit, or the size that is
 * too large; `data` for a label without an output unit
 */
export function checkConfig(config: Config, dataset: Dataset): void {
  const { batchSize, validationSize } = config.data;
  const splits = splitTraining(dataset, validationSize);
  if (splits.train.count < batchSize) {
    throw new LockstepError(
      'usage',
      `data.batchSize: expected at most the ${splits.train.count} examples of the training split, got ${batchSize}`,
      {
        hint: 'Set data.batchSize or data.validationSize lower; unless set they are 128 and 5000.',
      },
    );
  }
  for (const { split, examples } of config.evaluation.splits) {
    const { count } = splits[split];
    if (count === 0) {
      throw new LockstepError('usage', `evaluation.splits: the ${split} split has no examples`, {
        hint: split === 'validation' ? 'Set data.validationSize above 0.' : undefined,
      });
    }
    if (examples !== 'all' && examples > count) {
      throw new LockstepError(
        'usage',
        `evaluation.splits: expected at most the ${count} examples of the ${split} split, got ${examples}`,
        { hint: 'Give a smaller number, or all.' },
      );
    }
  }
  for (const variant of variantSpecs(config)) {
    const { classes } = atVariant(variant.name, () =>
      planNetwork(variant, dataset.train.inputs.shape),
    );
    checkLabels(dataset, classes);
    if (config.evaluation.predictions === true && classes > predictableClasses) {
      throw new LockstepError(
        'usage',
        `evaluation.predictions: expected at most ${predictableClasses} classes, as a prediction is a byte, got ${classes} logits of variant ${variant.name}`,
      );
    }
  }
}

function atVariant<Value>(variant: string, check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    throw new LockstepError(error.code, `variant ${variant}: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}
