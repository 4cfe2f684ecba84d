import type { Dataset } from '../data/dataset.js';
import { takeTargets, targetArray, widthOf } from '../data/column.js';
import { createSampler } from '../data/sampler.js';
import { scalingNamed } from '../data/scalings/kinds.js';
import { splitTraining } from '../data/splits/split-training.js';
import type { ValidationSource } from '../data/splits/split-training.js';
import { targetsOf } from '../model/objectives.js';
import { digest } from '../protocol/digest.js';
import type { Column, LinearScaling, Shape, Splits } from '../protocol/index.js';
import type { VariantSpec } from '../model/variant.js';
import { createAugmenter } from '../../workers/augmentations/augment.js';
import type { AugmentInputs } from '../../workers/augmentations/augment.js';
import { seedsOf } from '../trial/plan.js';
import type { TrialPlan } from '../trial/plan.js';
import { createInputScaler } from '../data/input-scaler.js';

/** A step's minibatch, from manifest and dataset alone. */
export interface RecomputedMinibatch {
  readonly epoch: number;
  /** `[batch]` int32 positions in the training split. */
  readonly indices: Int32Array;
  readonly indicesDigest: string;
  /** Of the classes as int32, of other targets as float32. */
  readonly targetsDigest: string;
  /** By variant name. */
  readonly inputDigests: Readonly<Record<string, string>>;
}

export interface TrialData {
  readonly inputShape: Shape;
  readonly splits: Splits;
  readonly minibatch: (step: number) => RecomputedMinibatch;
}

interface PreparedSplits {
  readonly splits: Splits;
  /** Fitted on the training split, by name. */
  readonly scalings: Map<string, LinearScaling | undefined>;
}

/**
 * Recomputes the inputs of a run's trials. Trials share splits and fitted scalings, which are the costly part.
 * @returns gives the data of one trial from its plan
 */
export function recomputeMinibatches(dataset: Dataset): (plan: TrialPlan) => TrialData {
  const width = widthOf(dataset.train.inputs);
  const cached = new Map<string, PreparedSplits>();
  const prepared = ({ validationSize, validation }: ValidationSource): PreparedSplits => {
    const source = { validationSize, validation };
    const key = JSON.stringify(source);
    const found = cached.get(key) ?? {
      splits: splitTraining(dataset, source),
      scalings: new Map(),
    };
    cached.set(key, found);
    return found;
  };
  const scalingOf = (input: string, { splits, scalings }: PreparedSplits) => {
    const scaling = scalings.get(input) ?? scalingNamed(input).fit(splits.train);
    scalings.set(input, scaling);
    return scaling;
  };
  /** Of one variant. */
  const inputsOf = (
    plan: TrialPlan,
    { name, input }: VariantSpec,
    data: PreparedSplits,
  ): AugmentInputs => {
    const column = data.splits.train.inputs;
    const scaling = scalingOf(input, data);
    const scaler = (of: Column) => createInputScaler(of, scaling);
    const { augmentation } = plan.config.training;
    const { augmentation: seed } = seedsOf(plan, name);
    if (augmentation === undefined || seed === undefined) return scaler(column);
    return createAugmenter({ column, augmentation, seed, scaler });
  };
  return (plan) => {
    const { config, variants, streams } = plan;
    const { batchSize } = config.data;
    const data = prepared(config.data);
    const { splits } = data;
    const { train } = splits;
    const sampler = createSampler({ seed: streams.data, size: train.count, batchSize });
    // Variants with the same scaling and the same augmentation have the same inputs.
    const takers = new Map<string, { readonly names: string[]; readonly take: AugmentInputs }>();
    for (const variant of variants) {
      const { name, input } = variant;
      const key = `${input} ${seedsOf(plan, name).augmentation}`;
      const alike = takers.get(key) ?? { names: [], take: inputsOf(plan, variant, data) };
      takers.set(key, alike);
      alike.names.push(name);
    }
    const inputs = new Float32Array(batchSize * width);
    const kind = targetsOf(variants[0]!.objective);
    const targets = targetArray(train.targets, kind, batchSize);
    return {
      inputShape: dataset.train.inputs.shape,
      splits,
      minibatch(step) {
        const { epoch, indices } = sampler.batch(step);
        const inputDigests = [...takers.values()].flatMap(({ names, take }) => {
          take(inputs, indices, step);
          const of = digest(inputs);
          return names.map((name) => [name, of] as const);
        });
        takeTargets(train.targets, targets, indices);
        return {
          epoch,
          indices,
          indicesDigest: digest(indices),
          targetsDigest: digest(targets),
          inputDigests: Object.fromEntries(inputDigests),
        };
      },
    };
  };
}
