import { configHash } from '../config/hash.js';
import { variantSpecs } from '../config/variants.js';
import type { StreamSeed } from '../log/records.js';
import { measuredMetrics, minibatchMetrics } from '../metrics/registry.js';
import { learningRateAt } from '../model/schedules.js';
import type { VariantSpec } from '../model/variant.js';
import { streamSeed } from '../random/streams.js';
import type { ConfigInSteps } from '../run/config-in-steps.js';
import type { Manifest, Trial } from '../run/manifest.js';
import { pointConfig } from '../run/point-config.js';

/** All that decides a trial's numbers but the data, derived from the manifest once. */
export interface TrialPlan {
  readonly trial: Trial;
  /**
   * The run's configuration at the trial's sweep point, with its seed alone, in steps. It has no `sweep`, so
   * the trial of a point is the one that a plain run with those values has.
   */
  readonly config: ConfigInSteps;
  /** SHA-256 of `config`: the same whichever trials it is run beside. */
  readonly configHash: string;
  /** In the order of the configuration. */
  readonly variants: readonly VariantSpec[];
  /** The metrics that score every variant on a split, by name; the loss comes first. */
  readonly metrics: readonly string[];
  /** Those among them that score it on minibatches, too. */
  readonly minibatchMetrics: readonly string[];
  /** Steps of the whole training. */
  readonly steps: number;
  /** int32 seeds of the random streams, as the log has them. */
  readonly streams: {
    readonly data: number;
    readonly init: StreamSeed;
    readonly dropout: StreamSeed;
    /** Absent where nothing is augmented. */
    readonly augmentation?: StreamSeed;
  };
}

export function planTrial(
  manifest: Pick<Manifest, 'config' | 'trainingExamples' | 'datasets'>,
  trial: Trial,
): TrialPlan {
  const { point, seed, streams } = trial;
  const { data, init, dropout } = streams ?? { data: seed, init: seed, dropout: seed };
  const seedOf = { data, init, dropout, augmentation: data };
  const config: ConfigInSteps = { ...pointConfig(manifest, point), seeds: [seed] };
  const variants = variantSpecs(config);
  /** Shared by all variants or independent, as `pairing` says. */
  const paired = (stream: 'init' | 'dropout' | 'augmentation'): StreamSeed =>
    config.pairing[stream] === 'independent'
      ? Object.fromEntries(
          variants.map(({ name }) => [name, streamSeed(seedOf[stream], stream, name)]),
        )
      : streamSeed(seedOf[stream], stream);
  const { augmentation = [] } = config.training;
  return {
    trial,
    config,
    configHash: configHash(config),
    variants,
    metrics: measuredMetrics(config.evaluation),
    minibatchMetrics: minibatchMetrics(config.evaluation),
    steps: config.training.steps,
    streams: {
      data: streamSeed(data, 'data'),
      init: paired('init'),
      dropout: paired('dropout'),
      ...(augmentation.length > 0 && { augmentation: paired('augmentation') }),
    },
  };
}

/** The learning rate of a variant's step; undefined where no schedule changes the optimizer's own. */
export function scheduledRate(
  { variants, steps }: Pick<TrialPlan, 'variants' | 'steps'>,
  variant: string,
  step: number,
): number | undefined {
  const optimizer = variants.find(({ name }) => name === variant)?.optimizer;
  return optimizer?.schedule && learningRateAt(optimizer, step, steps);
}

/** The int32 seeds that one variant draws from. */
export function seedsOf(
  { streams }: Pick<TrialPlan, 'streams'>,
  variant: string,
): { readonly init: number; readonly dropout: number; readonly augmentation?: number } {
  const of = (seed: StreamSeed) => (typeof seed === 'number' ? seed : seed[variant]!);
  const { init, dropout, augmentation } = streams;
  return {
    init: of(init),
    dropout: of(dropout),
    ...(augmentation !== undefined && { augmentation: of(augmentation) }),
  };
}
