import { z } from 'zod';
import { variantSpecs } from '../config/variants.js';
import type { Dataset } from '../data/dataset.js';
import { splitSizes } from '../data/splits/split-training.js';
import { parameterCount, planNetwork } from '../model/network.js';
import { isModule, isProgram } from '../model/variant.js';
import type { NetworkVariant, ProgramVariant } from '../model/variant.js';
import type { Shape } from '../protocol/index.js';
import type { OptimizerSpec } from '../model/optimizers.js';
import { learningRateAt } from '../model/schedules.js';
import { deviceRequests, engineNames, splitNames } from '../protocol/index.js';
import { raceSchema } from '../report/race-document.js';
import { trialsByPoint, trialStreamsSchema } from '../run/manifest.js';
import type { Manifest, Trial } from '../run/manifest.js';
import { pointConfig } from '../run/point-config.js';
import { racePlan } from '../run/race.js';
import { typicalRaceTrials } from '../statistics/race-simulation.js';

const count = z.int().gte(0);
const shape = z.array(z.int().gte(1));

const dryRunSchema = z.strictObject({
  schemaVersion: z.literal(1),
  config: z.record(z.string(), z.unknown()).describe('Resolved: see config.schema.json.'),
  configHash: z.string(),
  engine: z.strictObject({
    name: z.enum(engineNames),
    reason: z.string(),
    device: z.enum(deviceRequests).optional(),
    version: z.string().optional(),
  }),
  data: z.strictObject({
    name: z.string(),
    input: shape.describe('Of one example.'),
    splits: z.record(z.enum(splitNames), count).describe('Examples of each split.'),
  }),
  training: z
    .strictObject({
      steps: count,
      stepsPerEpoch: count,
      epochs: z.number().describe('What the steps come to.'),
      augmentation: z
        .array(z.looseObject({ kind: z.string() }))
        .describe('What is done to the inputs of every minibatch, in order.'),
    })
    .describe('At the first point of a sweep, as the variants.'),
  variants: z.record(
    z.string(),
    z.strictObject({
      label: z.string(),
      parameters: count.optional().describe('Trainable numbers; absent of a program.'),
      module: z.string().optional().describe('The file that makes its network.'),
      program: z.array(z.string()).optional().describe('The program and its arguments.'),
      updatesPerStep: z.int().gte(1).describe('Parts that it takes each minibatch in.'),
      learningRates: z
        .array(z.strictObject({ step: z.int().gte(1), learningRate: z.number().gte(0) }))
        .describe('At a few steps, the first and the last among them; one, where it stays.'),
      layers: z
        .array(
          z.strictObject({
            kind: z.string(),
            output: shape.describe('Of one example.'),
            parameters: count,
          }),
        )
        .optional()
        .describe('Absent of a module and of a program.'),
    }),
  ),
  count: count.describe('Trials.'),
  race: z
    .strictObject({
      points: count,
      seeds: count,
      of: raceSchema.shape.of,
      metric: z.string(),
      most: count.describe('Trials if no point is dropped.'),
      typical: count.describe(
        'Trials on average if few points are good: simulated, with three of 20 within one residual standard deviation of the best and the others four behind.',
      ),
    })
    .optional()
    .describe('Only of a race.'),
  trials: z.array(
    z.strictObject({
      index: count,
      point: z.record(z.string(), z.unknown()),
      seed: z.int(),
      streams: trialStreamsSchema.optional().describe('Seeds of its streams, where they differ.'),
      steps: count.describe('Planned at its point, on its dataset.'),
    }),
  ),
});

/** What --dry-run prints, with --json as JSON. */
export type DryRun = z.output<typeof dryRunSchema>;

/** The JSON Schema (2020-12) that is published as `docs/dry-run.schema.json`. */
export function dryRunJsonSchema(): object {
  return { title: 'Lockstep dry run', ...z.toJSONSchema(dryRunSchema) };
}

/**
 * What would be trained, and on what.
 * @param moduleParameters numbers that the modules of variants learn, by variant
 */
export function describePlan(
  manifest: Manifest,
  dataset: Dataset,
  moduleParameters: ReadonlyMap<string, number>,
): DryRun {
  const { config, configHash, engine, trials } = manifest;
  const [first] = trials;
  const stepsOf = pointSteps(manifest);
  const atPoint = pointConfig(manifest, first?.point ?? {});
  const { batchSize } = atPoint.data;
  const splits = splitSizes(dataset, atPoint.data);
  const input = dataset.train.inputs.shape;
  const stepsPerEpoch = Math.floor(splits.train / batchSize);
  const { steps } = atPoint.training;
  return {
    schemaVersion: 1,
    config,
    configHash,
    engine,
    data: {
      name: dataset.name,
      input: [...input],
      splits: { ...splits },
    },
    training: {
      steps,
      stepsPerEpoch,
      epochs: steps / stepsPerEpoch,
      augmentation: (atPoint.training.augmentation ?? []).map((one) => ({ ...one })),
    },
    variants: Object.fromEntries(
      variantSpecs(atPoint).map((variant) => {
        const { name, label, updatesPerStep, optimizer } = variant;
        const common = { label, updatesPerStep, learningRates: learningRates(optimizer, steps) };
        const training = isModule(variant)
          ? { module: variant.module.path, parameters: moduleParameters.get(name) }
          : describeTraining(variant, input);
        return [name, { ...common, ...training }];
      }),
    ),
    count: trials.length,
    ...describeRace(manifest),
    trials: trials.map((trial) => ({ ...trial, steps: stepsOf(trial.point) })),
  };
}

function describeRace({ config, trials }: Manifest): Pick<DryRun, 'race'> {
  const plan = racePlan(config);
  if (plan === undefined) return {};
  const { of, metric, seeds } = plan;
  const points = trialsByPoint(trials).length;
  const typical = typicalRaceTrials(points, plan);
  return {
    race: { points, seeds, of, metric: metric.name, most: trials.length, typical },
  };
}

function describeTraining(variant: NetworkVariant | ProgramVariant, input: Shape) {
  if (isProgram(variant)) return { program: [...variant.program.command] };
  const network = planNetwork(variant, input);
  return {
    parameters: parameterCount(network),
    layers: network.layers.map((layer) => ({
      kind: layer.spec.kind,
      output: [...layer.output],
      parameters: parameterCount({ ...network, layers: [layer] }),
    })),
  };
}

/** Counts the steps of points, each once. */
function pointSteps(manifest: Manifest): (point: Trial['point']) => number {
  const counted = new Map<string, number>();
  return (point) => {
    const key = JSON.stringify(point);
    const steps = counted.get(key) ?? pointConfig(manifest, point).training.steps;
    counted.set(key, steps);
    return steps;
  };
}

/** Of the first step, of the one after the warm-up, of one halfway from there, and of the last. */
function learningRates(optimizer: OptimizerSpec, steps: number) {
  const after = Math.min(steps, 1 + (optimizer.schedule?.warmup ?? 0));
  const shown = optimizer.schedule ? [1, after, Math.ceil((after + steps) / 2), steps] : [1];
  return [...new Set(shown)].map((step) => {
    return { step, learningRate: learningRateAt(optimizer, step, steps) };
  });
}
