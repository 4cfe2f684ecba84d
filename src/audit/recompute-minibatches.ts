import type { Config } from '../config/schema.js';
import { variantSpecs } from '../config/variants.js';
import type { Dataset } from '../data/dataset.js';
import { takeTargets, widthOf } from '../data/column.js';
import { createSampler } from '../data/sampler.js';
import { scalingNamed } from '../data/scalings/kinds.js';
import { splitTraining } from '../data/splits.js';
import { digest } from '../protocol/digest.js';
import type { Shape, Splits } from '../protocol/index.js';
import { streamSeed } from '../random/streams.js';
import { createInputScaler } from '../data/input-scaler.js';
import type { ScaleInputs } from '../data/input-scaler.js';

/** A step's minibatch, from manifest and dataset alone. */
export interface RecomputedMinibatch {
  readonly epoch: number;
  /** `[batch]` int32 positions in the training split. */
  readonly indices: Int32Array;
  readonly indicesDigest: string;
  /** Of the classes as int32. */
  readonly targetsDigest: string;
  /** By variant name. */
  readonly inputDigests: Readonly<Record<string, string>>;
}

export interface TrialData {
  readonly inputShape: Shape;
  readonly splits: Splits;
  readonly minibatch: (step: number) => RecomputedMinibatch;
}

/**
 * Recomputes the inputs of a run's trials. Trials share the fitted scalers, which are the costly part.
 * @returns gives the data of one trial from its configuration and seed
 */
export function recomputeMinibatches(
  dataset: Dataset,
): (config: Config, seed: number) => TrialData {
  const width = widthOf(dataset.train.inputs);
  const cached = new Map<string, ScaleInputs>();
  const scalerOf = (input: string, splits: Splits): ScaleInputs => {
    const key = `${input} ${splits.train.count}`;
    const scaler =
      cached.get(key) ??
      createInputScaler(splits.train.inputs, scalingNamed(input).fit(splits.train));
    cached.set(key, scaler);
    return scaler;
  };
  return (config, seed) => {
    const { batchSize, validationSize } = config.data;
    const splits = splitTraining(dataset, validationSize);
    const { train } = splits;
    const sampler = createSampler({ seed: streamSeed(seed, 'data'), size: train.count, batchSize });
    const variants = variantSpecs(config);
    const inputs = new Float32Array(batchSize * width);
    const targets = new Int32Array(batchSize);
    return {
      inputShape: dataset.train.inputs.shape,
      splits,
      minibatch(step) {
        const { epoch, indices } = sampler.batch(step);
        const digests = new Map<string, string>();
        for (const input of new Set(variants.map((variant) => variant.input))) {
          scalerOf(input, splits)(inputs, indices);
          digests.set(input, digest(inputs));
        }
        takeTargets(train.targets, targets, indices);
        return {
          epoch,
          indices,
          indicesDigest: digest(indices),
          targetsDigest: digest(targets),
          inputDigests: Object.fromEntries(
            variants.map(({ name, input }) => [name, digests.get(input)!]),
          ),
        };
      },
    };
  };
}
