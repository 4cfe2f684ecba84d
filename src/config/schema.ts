import { z } from 'zod';
import { augmentationsSchema } from '../data/augmentations.js';
import { objectiveSchema } from '../model/objectives.js';
import { optimizerSchema, overriddenOptimizer } from '../model/optimizers.js';
import { measuredMetrics, metricOfQuantity, optionalMetricNames } from '../metrics/registry.js';
import { splitNames } from '../protocol/index.js';
import { dataSchema } from './schema/data.js';
import {
  flag,
  list,
  map,
  nonNegative,
  oneOf,
  orList,
  significanceLevel,
  whole,
  type Resolved,
} from '../schema/fields.js';
import { checkMetricsFit, quantity, withMetrics } from './schema/metrics.js';
import { runName } from './schema/names.js';
import { checkRace } from './schema/race.js';
import { seedsSchema } from './schema/seeds.js';
import { checkSequential, sequentialSchema } from './schema/sequential.js';
import { sweepSchema } from './schema/sweep.js';
import { networkSchema, variantsSchema } from './schema/variants.js';

const examplesRule = 'a whole number of at least 1, or all';
const examples = z.union(
  [z.int({ error: examplesRule }).gte(1, { error: examplesRule }), z.literal('all')],
  { error: examplesRule },
);

/** How often something is done. */
function stepsOrEpoch() {
  const error = 'a whole number of at least 1, or epoch';
  return z.union([z.int({ error }).gte(1, { error }), z.literal('epoch')], { error });
}

const evaluationSchema = map({
  minibatch: flag()
    .default(true)
    .describe('Evaluate each variant on every minibatch, in inference mode, after its update.'),
  every: stepsOrEpoch()
    .optional()
    .describe(
      'Steps between evaluations of the splits, or `epoch` for one after every epoch. Default: they are evaluated only at the end.',
    ),
  splits: list(
    map({
      split: oneOf(splitNames).describe('Which part of the data.'),
      examples: examples.default('all').describe("How many examples, from the split's start."),
    }),
  )
    .superRefine((splits, context) => {
      for (const [index, { split }] of splits.entries()) {
        if (splits.findIndex((other) => other.split === split) < index) {
          const message = `expected every split once, got ${split} twice`;
          context.addIssue({ code: 'custom', path: [index, 'split'], message });
        }
      }
    })
    .default([{ split: 'test', examples: 'all' }])
    .describe('What every variant is evaluated on. Default: the whole test set.'),
  metrics: list(oneOf(optionalMetricNames as [string, ...string[]]))
    .superRefine((names, context) => {
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) === index) continue;
        const message = `expected every metric once, got ${name} twice`;
        context.addIssue({ code: 'custom', path: [index], message });
      }
    })
    .optional()
    .describe(
      'What every variant is scored by, besides the loss; docs/metrics.md defines them. Default: by the objective, the accuracy for classes.',
    ),
  predictions: flag()
    .optional()
    .describe(
      "Keep every variant's predictions on the test examples of `splits` at the end of a trial, in predictions.safetensors: for McNemar's test and the examples the variants disagree on. Default: false.",
    ),
});

const pairings = ['shared', 'independent'] as const;
const pairing = oneOf(pairings).default('shared');

const decisionSchema = map({
  metric: quantity()
    .optional()
    .describe(
      'What the verdict is about; its split must be in evaluation.splits, its metric in evaluation.metrics. Default: test.accuracy where it is measured, otherwise the first of evaluation.metrics on the test split.',
    ),
  alpha: significanceLevel()
    .default(0.05)
    .describe(
      'Significance level of the tests and intervals, below 0.5: 0.05 gives intervals of 95% confidence.',
    ),
  margin: nonNegative()
    .default(0.005)
    .describe("Differences up to this count as equivalent, in the metric's unit."),
  pairs: whole(2)
    .optional()
    .describe(
      'Planned number of pairs, one a seed; before that many a verdict is provisional. Default: the number of seeds.',
    ),
  sequential: sequentialSchema.optional(),
});

const shape = {
  name: runName.describe("Names the run's folder. Default: the file's name without .yaml."),
  data: dataSchema.prefault({}).describe('Examples to train and evaluate on.'),
  training: map({
    steps: whole(1)
      .optional()
      .describe('Number of optimizer updates, one minibatch each; this or `epochs`.'),
    epochs: whole(1)
      .optional()
      .describe(
        'Number of passes through the training split, each in whole minibatches; this or `steps`.',
      ),
    optimizer: optimizerSchema.describe('How weights are updated.'),
    earlyStopping: map({
      metric: quantity()
        .default('validation.loss')
        .describe('What has to improve; its split must be in evaluation.splits.'),
      patience: whole(1).describe(
        'Evaluations without an improvement after which a variant stops.',
      ),
      minDelta: nonNegative()
        .default(0)
        .describe('An improvement is a change for the better by more than this.'),
    })
      .optional()
      .describe(
        'Stop each variant on its own once a metric no longer improves, and evaluate it at the end with its weights of the best evaluation. Needs evaluation.every. Default: train all steps.',
      ),
    augmentation: augmentationsSchema
      .optional()
      .describe(
        'Random changes of every minibatch that is trained on, in this order, before inputs are scaled. Evaluations of splits see the examples as they are; the evaluation after the update, if there is one, sees the minibatch as it was trained on. Default: none.',
      ),
    objective: objectiveSchema
      .optional()
      .describe('What is minimized, a mean over the examples. Default: softmaxCrossEntropy.'),
  })
    .superRefine(({ steps, epochs }, context) => {
      if ((steps === undefined) !== (epochs === undefined)) return;
      const got = steps === undefined ? 'neither' : 'both';
      context.addIssue({ code: 'custom', message: `expected either steps or epochs, got ${got}` });
    })
    .describe('How all variants are trained.'),
  evaluation: evaluationSchema.prefault({}).describe('What is measured, and when.'),
  network: networkSchema.describe('The network all variants share.'),
  variants: variantsSchema.describe('The variants to compare, by name.'),
  baseline: z
    .string({ error: 'the name of a variant' })
    .optional()
    .describe('The variant the others are compared with. Default: the first.'),
  pairing: map({
    init: pairing.describe('`shared`: all variants scale the same random draws.'),
    dropout: pairing.describe('`shared`: all variants drop at the same random draws.'),
    augmentation: oneOf(pairings)
      .optional()
      .describe('`shared`: all variants train on the same augmented examples. Default: shared.'),
  })
    .prefault({})
    .describe('Which random draws the variants share; `independent`: each has its own.'),
  seeds: seedsSchema
    .default([1])
    .describe('One trial each: a list, or a range such as 1..10. Default: [1].'),
  checkpoint: map({
    every: stepsOrEpoch()
      .optional()
      .describe(
        'Steps between checkpoints, or `epoch`. Default: only at the end, and when interrupted.',
      ),
    keep: whole(1).default(2).describe('How many of the newest checkpoints stay.'),
    initial: flag().default(false).describe('Also write step 0, which always stays.'),
  })
    .prefault({})
    .describe('When weights are saved.'),
  decision: decisionSchema.prefault({}).describe('How the verdict is reached.'),
  sweep: sweepSchema.optional().describe('Points to run, each with all seeds.'),
};

/**
 * Validates a configuration (`extends` and `--set` already applied) and fills the defaults; that the
 * baseline is a variant is left to `validate.ts`, which can say so beside other problems.
 */
export const configSchema = map(shape)
  .transform(withMetrics)
  .superRefine(checkMetricsFit)
  .superRefine(({ evaluation: { predictions, splits } }, context) => {
    if (predictions !== true || splits.some(({ split }) => split === 'test')) return;
    context.addIssue({
      code: 'custom',
      path: ['evaluation', 'predictions'],
      message: 'expected the test split in evaluation.splits, as its examples are predicted',
    });
  })
  .superRefine(({ training: { earlyStopping }, evaluation }, context) => {
    if (earlyStopping === undefined) return;
    const refuse = (path: string[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    const { metric } = earlyStopping;
    const at = ['training', 'earlyStopping', 'metric'];
    const splits = evaluation.splits.map(({ split }) => split);
    if (evaluation.every === undefined) {
      refuse(
        ['training', 'earlyStopping'],
        'expected evaluation.every to say how often it looks, got none',
      );
    }
    if (!splits.some((split) => metric.startsWith(`${split}.`))) {
      refuse(at, `expected a metric of an evaluated split (${orList(splits)}), got ${metric}`);
    } else if (!measuredMetrics(evaluation).includes(metricOfQuantity(metric).name)) {
      const measured = orList(measuredMetrics(evaluation));
      refuse(at, `expected a metric that is measured (${measured}), got ${metric}`);
    }
  })
  .superRefine(({ decision: { metric }, evaluation: { splits } }, context) => {
    if (splits.some(({ split }) => metric.startsWith(`${split}.`))) return;
    context.addIssue({
      code: 'custom',
      path: ['decision', 'metric'],
      message: `expected a metric of an evaluated split (${orList(splits.map(({ split }) => split))}), got ${metric}`,
    });
  })
  .superRefine(({ decision: { metric }, evaluation }, context) => {
    const measured = measuredMetrics(evaluation);
    if (measured.includes(metricOfQuantity(metric).name)) return;
    context.addIssue({
      code: 'custom',
      path: ['decision', 'metric'],
      message: `expected a metric that is measured (${orList(measured)}; evaluation.metrics adds others), got ${metric}`,
    });
  })
  .superRefine(({ decision: { pairs }, seeds }, context) => {
    if (pairs === undefined || pairs >= seeds.length) return;
    context.addIssue({
      code: 'custom',
      path: ['decision', 'pairs'],
      message: `expected at least the number of seeds (${seeds.length}), got ${pairs}`,
    });
  })
  .superRefine(checkRace)
  .superRefine(checkSequential)
  .superRefine(({ data: { batchSize: shared }, variants }, context) => {
    for (const [name, { batchSize = shared }] of Object.entries(variants)) {
      if (shared % batchSize === 0) continue;
      context.addIssue({
        code: 'custom',
        path: ['variants', name, 'batchSize'],
        message: `expected a divisor of data.batchSize (${shared}), got ${batchSize}: every step is one minibatch of data.batchSize examples for all variants, which some take in smaller parts`,
      });
    }
  })
  .superRefine(({ training, variants }, context) => {
    // A fault of the shared optimizer is reported at its own place.
    if (!optimizerSchema.safeParse(training.optimizer).success) return;
    for (const [name, { optimizer }] of Object.entries(variants)) {
      const merged = overriddenOptimizer(training.optimizer, optimizer);
      for (const issue of optimizerSchema.safeParse(merged).error?.issues ?? []) {
        const path = ['variants', name, 'optimizer', ...issue.path];
        context.issues.push({ ...issue, path, input: merged } as z.core.$ZodRawIssue);
      }
    }
  })
  .transform((config) => {
    const { baseline, ...rest } = config;
    return { ...rest, baseline: baseline ?? Object.keys(config.variants)[0]! };
  });

/** A configuration after `extends`, `--set`, validation and defaults; what a manifest freezes. */
export type Config = Resolved<typeof configSchema>;
