import type { Config } from '../config/schema.js';
import type { Dataset } from '../data/dataset.js';
import { evaluationBatches } from '../data/evaluation-batches.js';
import { createSampler } from '../data/sampler.js';
import { splitTraining } from '../data/splits.js';
import { fitStandardScaler } from '../data/standard-scaler.js';
import type { SampledStep } from './lockstep.js';
import type { VariantSpec } from '../model/variant.js';
import { digest } from '../protocol/digest.js';
import type { SplitName, Splits, StandardScaler } from '../protocol/index.js';
import { streamSeed } from '../random/streams.js';

/** How many examples an evaluation sends at once, at least. */
const minimalChunk = 128;

/** One of the configured evaluations, ready to be streamed. */
export interface PreparedEvaluation {
  readonly split: SplitName;
  readonly examples: number;
  /** Each `[n]` int32 positions in the split. */
  readonly chunks: readonly Int32Array[];
}

/** Everything a trial feeds its workers. */
export interface Batches {
  readonly splits: Splits;
  /** Fitted on the training split, if a variant has standardized inputs. */
  readonly standardScaler: StandardScaler | undefined;
  readonly minibatch: (step: number) => SampledStep;
  readonly evaluations: readonly PreparedEvaluation[];
}

export interface PrepareOptions {
  readonly config: Config;
  readonly variants: readonly VariantSpec[];
  readonly dataset: Dataset;
  /** The trial's seed. */
  readonly seed: number;
}

export function prepareBatches(options: PrepareOptions): Batches {
  const { config, variants, dataset, seed } = options;
  const { batchSize, validationSize } = config.data;
  const splits = splitTraining(dataset, validationSize);
  const standardized = variants.some(({ input }) => input === 'standardized');
  const chunk = Math.max(batchSize, minimalChunk);
  const sampler = createSampler({
    seed: streamSeed(seed, 'data'),
    size: splits.train.count,
    batchSize,
  });
  return {
    splits,
    standardScaler: standardized ? fitStandardScaler(splits.train) : undefined,
    minibatch(step) {
      const { epoch, indices } = sampler.batch(step);
      return { step, epoch, indices, indicesDigest: digest(indices) };
    },
    evaluations: config.evaluation.splits.map(({ split, examples }) => {
      const source = splits[split];
      return {
        split,
        examples: examples === 'all' ? source.count : examples,
        chunks: evaluationBatches(source, examples, chunk),
      };
    }),
  };
}
