import type { Dataset } from '../data/dataset.js';
import { evaluationBatches } from '../data/evaluation-batches.js';
import { createSampler } from '../data/sampler.js';
import { scalingNamed } from '../data/scalings/kinds.js';
import { splitTraining } from '../data/splits/split-training.js';
import type { SampledStep } from './lockstep.js';
import type { TrialPlan } from './plan.js';
import { digest } from '../protocol/digest.js';
import type { SplitName } from '../protocol/index.js';
import type { VariantData } from '../variants/backend.js';

/** How many examples an evaluation sends at once, at least. */
const minimalChunk = 128;

/** One of the configured evaluations, ready to be streamed. */
export interface PreparedEvaluation {
  readonly split: SplitName;
  readonly examples: number;
  /** Each `[n]` int32 positions in the split. */
  readonly chunks: readonly Int32Array[];
}

/** Everything a trial feeds its variants. */
export interface Batches extends VariantData {
  readonly minibatch: (step: number) => SampledStep;
  readonly evaluations: readonly PreparedEvaluation[];
}

export function prepareBatches(
  { config, variants, streams }: TrialPlan,
  dataset: Dataset,
): Batches {
  const { batchSize } = config.data;
  const splits = splitTraining(dataset, config.data);
  const inputs = new Set(variants.map(({ input }) => input));
  const chunk = Math.max(batchSize, minimalChunk);
  const sampler = createSampler({
    seed: streams.data,
    size: splits.train.count,
    batchSize,
  });
  return {
    splits,
    scalings: new Map([...inputs].map((input) => [input, scalingNamed(input).fit(splits.train)])),
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
