import type { Config } from '../config/schema.js';
import { validationSize } from '../data/splits/split-training.js';
import { LockstepError } from '../protocol/index.js';

type Every<Section extends { readonly every?: unknown }> = Omit<Section, 'every'> & {
  readonly every?: number | undefined;
};

/** A configuration whose epochs have become steps. */
export type ConfigInSteps = Omit<Config, 'training' | 'evaluation' | 'checkpoint'> & {
  readonly training: Omit<Config['training'], 'steps' | 'epochs'> & { readonly steps: number };
  readonly evaluation: Every<Config['evaluation']>;
  readonly checkpoint: Every<Config['checkpoint']>;
};

/**
 * The same training with all durations in steps: what it is, then, does not depend on how it was written.
 * An epoch has as many steps as there are whole minibatches in the training split.
 * @param examples training examples of the dataset, the validation split among them
 * @throws LockstepError `data` where epochs are configured and no examples are given; `usage` for more epochs than
 * their steps can be counted
 */
export function configInSteps(config: Config, examples: number | undefined): ConfigInSteps {
  const { training, evaluation, checkpoint } = config;
  const { steps, epochs, ...rest } = training;
  const every = (asked: number | 'epoch' | undefined) =>
    asked === 'epoch' ? { every: stepsPerEpoch(config, examples) } : { every: asked };
  return {
    ...config,
    training: { ...rest, steps: steps ?? stepsOf(epochs ?? 0, stepsPerEpoch(config, examples)) },
    evaluation: { ...evaluation, ...every(evaluation.every) },
    checkpoint: { ...checkpoint, ...every(checkpoint.every) },
  };
}

function stepsOf(epochs: number, perEpoch: number): number {
  const steps = epochs * perEpoch;
  if (Number.isSafeInteger(steps)) return steps;
  const path = ['training', 'epochs'];
  const most = Math.floor(Number.MAX_SAFE_INTEGER / perEpoch);
  throw new LockstepError(
    'usage',
    `${path.join('.')}: expected at most ${most}, of ${perEpoch} steps each, got ${epochs}`,
    { path, hint: 'Lower it.' },
  );
}

function stepsPerEpoch({ data }: Pick<Config, 'data'>, examples: number | undefined): number {
  if (examples === undefined) {
    throw new LockstepError('data', 'expected a manifest with trainingExamples, got none', {
      hint: 'Its configuration counts epochs, which are as long as the data are large.',
    });
  }
  return Math.floor((examples - validationSize('the dataset', examples, data)) / data.batchSize);
}
