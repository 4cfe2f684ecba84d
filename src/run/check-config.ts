import { formatPath } from '../config/path.js';
import { variantSpecs } from '../config/variants.js';
import type { Config } from '../config/schema.js';
import { checkAugmentations } from '../data/augmentations.js';
import { checkTargets, outputsNeeded } from '../data/check-targets.js';
import type { Dataset } from '../data/dataset.js';
import { splitSizes, splitTraining } from '../data/splits/split-training.js';
import { withClassWeights } from '../model/class-weights.js';
import { planModule, planNetwork } from '../model/network.js';
import { objectiveMisfit, targetsOf } from '../model/objectives.js';
import { metricKind } from '../metrics/registry.js';
import { isNetwork, isProgram } from '../model/variant.js';
import type { ThreadVariant, VariantSpec } from '../model/variant.js';
import { LockstepError } from '../protocol/index.js';
import type { ErrorCode, NetworkPlan } from '../protocol/index.js';
import { count } from '../text/numbers.js';
import { memoryProblem } from './check-memory.js';
import type { MemoryLimit } from './check-memory.js';
import { checkMetrics } from './check-metrics.js';
import { checkSchedules } from './check-schedules.js';
import { configInSteps } from './config-in-steps.js';

const predictableClasses = 256;

/**
 * Checks a configuration against its dataset, so that nothing starts that could not finish.
 * @throws LockstepError `usage` naming the variant's layer that does not fit the shapes or the memory, or
 * the size that is too large, or outputs and an objective that do not fit the targets; `data` for targets that
 * no network can answer
 */
export function checkConfig(
  config: Config,
  dataset: Dataset,
  memory: readonly MemoryLimit[],
): void {
  const { batchSize } = config.data;
  const sizes = splitSizes(dataset, config.data);
  if (sizes.train < batchSize) {
    throw wrong(
      ['data', 'batchSize'],
      `expected at most the ${count(sizes.train, 'example')} of the training split, got ${batchSize}`,
      'Lower data.batchSize or the size of the validation split.',
    );
  }
  for (const [index, { split, examples }] of config.evaluation.splits.entries()) {
    const own = sizes[split];
    const path = ['evaluation', 'splits', index];
    if (own === 0) {
      if (split === 'test' && dataset.withoutTest !== undefined) {
        throw wrong(
          path,
          `expected a split with examples, got test, which has none, as ${dataset.name} has no ${dataset.withoutTest}`,
          'Provide them, or evaluate other splits, with decision.metric of one of them.',
          'data',
        );
      }
      throw wrong(
        path,
        `expected a split with examples, got ${split}, which has none`,
        split === 'validation' ? validationHint(config.data, dataset) : undefined,
      );
    }
    if (examples !== 'all' && examples > own) {
      throw wrong(
        [...path, 'examples'],
        `expected at most the ${count(own, 'example')} of the ${split} split, got ${examples}`,
        'Give a smaller number, or all.',
      );
    }
  }
  checkAugmentations(config.training.augmentation ?? [], dataset.train.inputs.shape);
  const variants = variantSpecs(config);
  const { training } = configInSteps(config, dataset.train.count);
  checkSchedules(config, variants, training.steps);
  const plans = new Map<string, NetworkPlan>();
  for (const variant of variants.filter(isProgram)) checkProgram(config, variant.name);
  for (const variant of variants.filter((one) => !isProgram(one))) {
    atVariant(config, variant, () => {
      const plan = planVariant(variant, dataset);
      if (isNetwork(variant)) plans.set(variant.name, plan);
      const { outputs } = plan;
      const lastLayer = isNetwork(variant)
        ? ['network', 'layers', variant.layers.length - 1]
        : ['variants', variant.name, 'module'];
      checkObjective(variant, outputs);
      checkTargets(dataset, plan, lastLayer);
      checkClassWeights(config, dataset, plan);
      checkMetrics(config, plan);
      if (config.evaluation.predictions === true && outputs > predictableClasses) {
        throw wrong(
          ['evaluation', 'predictions'],
          `expected at most ${predictableClasses} classes, as a prediction is a byte, got ${outputs}`,
        );
      }
    });
  }
  const problem = memoryProblem(plans, { batchSize, seeds: config.seeds.length }, memory);
  const largest = variants.find(({ name }) => name === problem?.variant);
  if (problem === undefined || largest === undefined) return;
  atVariant(config, largest, () => {
    throw problem.error;
  });
}

/** What is known of a variant's network before it is made. */
export function planVariant(variant: ThreadVariant, dataset: Dataset): NetworkPlan {
  const { shape } = dataset.train.inputs;
  if (isNetwork(variant)) return planNetwork(variant, shape);
  return planModule(variant, shape, outputsNeeded(dataset, targetsOf(variant.objective)));
}

/** Refuses what cannot be known of a program's network. */
function checkProgram({ evaluation }: Config, name: string): void {
  for (const [index, metric] of evaluation.metrics.entries()) {
    if (metricKind(metric).meanOf !== undefined) continue;
    throw wrong(
      ['evaluation', 'metrics', index],
      `expected a metric that is a mean over examples, as ${name} is a program, got ${metric}`,
      'Leave it out of evaluation.metrics.',
    );
  }
}

function validationHint({ validation }: Config['data'], { train }: Dataset): string {
  const { fraction } = validation ?? {};
  return fraction === undefined || fraction === 0
    ? 'Set data.validationSize or data.validation.'
    : `Raise data.validation.fraction: ${fraction} of ${count(train.count, 'example')} rounds to none.`;
}

function checkObjective({ objective }: VariantSpec, outputs: number): void {
  const misfit = objectiveMisfit(objective, outputs);
  if (misfit !== undefined) throw wrong(['training', 'objective'], misfit);
}

function checkClassWeights({ data, training }: Config, dataset: Dataset, plan: NetworkPlan): void {
  const { objective } = training;
  if (objective?.kind !== 'softmaxCrossEntropy' || objective.classWeights !== 'balanced') return;
  withClassWeights(plan, splitTraining(dataset, data).train);
}

function wrong(
  path: readonly PropertyKey[],
  message: string,
  hint?: string,
  code: ErrorCode = 'usage',
): LockstepError {
  return new LockstepError(code, `${formatPath(path)}: ${message}`, { path, hint });
}

/** Runs checks of one variant, whose errors name it and the network it has. */
function atVariant(config: Config, { name }: VariantSpec, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const { code, message, hint } = error;
    const { path = [] } = error;
    const isOwn = path[0] === 'network' && config.variants[name]?.network !== undefined;
    throw new LockstepError(code, `variant ${name}: ${message}`, {
      hint,
      path: isOwn ? ['variants', name, ...path] : error.path,
      cause: error,
    });
  }
}
