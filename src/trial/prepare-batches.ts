import type { Config } from '../config/types.js';
import type { Dataset } from '../data/dataset.js';
import { createBatchRing, evaluationBatches } from '../data/minibatches.js';
import { createSampler } from '../data/sampler.js';
import { splitTraining } from '../data/splits.js';
import { fitStandardScaler } from '../data/standard-scaler.js';
import type { PreparedStep } from '../pipeline/lockstep.js';
import { digest } from '../protocol/digest.js';
import type {
  BatchData,
  ImageShape,
  SplitName,
  StandardScaler,
  VariantSpec,
} from '../protocol/index.js';
import { streamSeed } from '../random/streams.js';

/** How many examples an evaluation sends at once, at least. */
const minimalChunk = 128;

/** One of the configured evaluations, ready to be streamed. */
export interface PreparedEvaluation {
  readonly split: SplitName;
  readonly examples: number;
  readonly chunkCount: number;
  readonly prepare: (index: number) => BatchData;
}

/** Everything a trial feeds its workers; assembled on demand into buffers that rotate. */
export interface Batches {
  readonly imageShape: ImageShape;
  /** Fitted on the training split, if a variant has standardized inputs. */
  readonly standardScaler: StandardScaler | undefined;
  readonly minibatch: (step: number) => PreparedStep;
  readonly evaluations: readonly PreparedEvaluation[];
}

export interface PrepareOptions {
  readonly config: Config;
  readonly variants: readonly VariantSpec[];
  readonly dataset: Dataset;
  /** The trial's seed. */
  readonly seed: number;
  readonly lookAhead: number;
}

export function prepareBatches(options: PrepareOptions): Batches {
  const { config, variants, dataset, seed, lookAhead } = options;
  const { batchSize, validationSize } = config.data;
  const splits = splitTraining(dataset, validationSize);
  const standardized = variants.some(({ input }) => input === 'standardized');
  const chunk = Math.max(batchSize, minimalChunk);
  const pixels = dataset.imageShape.reduce((product, length) => product * length, 1);
  const ring = createBatchRing({ slots: lookAhead + 1, batchSize: chunk, pixels });
  const sampler = createSampler({
    seed: streamSeed(seed, 'data'),
    size: splits.train.count,
    batchSize,
  });
  return {
    imageShape: dataset.imageShape,
    standardScaler: standardized ? fitStandardScaler(splits.train) : undefined,
    minibatch(step) {
      const { epoch, indices } = sampler.batch(step);
      const batch = ring.assemble(step, indices, splits.train);
      return { step, epoch, indices, indicesDigest: digest(indices), batch };
    },
    evaluations: config.evaluation.splits.map(({ split, examples }) => {
      const source = splits[split];
      const chunks = evaluationBatches(source, examples, chunk);
      return {
        split,
        examples: examples === 'all' ? source.count : examples,
        chunkCount: chunks.length,
        prepare: (index) => ring.assemble(index, chunks[index]!, source),
      };
    }),
  };
}
