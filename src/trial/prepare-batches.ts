import { outputsNeeded } from '../data/check-targets.js';
import type { Dataset } from '../data/dataset.js';
import { evaluationBatches } from '../data/evaluation-batches.js';
import { createSampler } from '../data/sampler.js';
import { scalingNamed } from '../data/scalings/kinds.js';
import { splitTraining } from '../data/splits/split-training.js';
import type { SampledStep } from './lockstep.js';
import type { TrialPlan } from './plan.js';
import { takeTargets, targetArray } from '../data/column.js';
import type { Targets } from '../data/column.js';
import { needOutputs } from '../metrics/registry.js';
import { targetsOf } from '../model/objectives.js';
import { digest } from '../protocol/digest.js';
import type { Examples, SplitName, TargetKind } from '../protocol/index.js';
import type { VariantData } from '../variants/backend.js';

/** How many examples an evaluation sends at once, at least. */
const minimalChunk = 128;

/** One of the configured evaluations, ready to be streamed. */
export interface PreparedEvaluation {
  readonly split: SplitName;
  readonly examples: number;
  /** Each `[n]` int32 positions in the split. */
  readonly chunks: readonly Int32Array[];
  /** What the outputs for these examples should be, where a metric compares them itself. */
  readonly targets?: { readonly kind: TargetKind; readonly values: Targets } | undefined;
}

/** Everything a trial feeds its variants. */
export interface Batches extends VariantData {
  readonly minibatch: (step: number) => SampledStep;
  readonly evaluations: readonly PreparedEvaluation[];
}

export function prepareBatches(
  { config, variants, streams, metrics }: TrialPlan,
  dataset: Dataset,
): Batches {
  const { batchSize } = config.data;
  const splits = splitTraining(dataset, config.data);
  const kind = targetsOf(variants[0]!.objective);
  const inputs = new Set(variants.map(({ input }) => input));
  const chunk = Math.max(batchSize, minimalChunk);
  const sampler = createSampler({
    seed: streams.data,
    size: splits.train.count,
    batchSize,
  });
  return {
    splits,
    outputs: outputsNeeded(dataset, kind),
    scalings: new Map([...inputs].map((input) => [input, scalingNamed(input).fit(splits.train)])),
    minibatch(step) {
      const { epoch, indices } = sampler.batch(step);
      return { step, epoch, indices, indicesDigest: digest(indices) };
    },
    evaluations: config.evaluation.splits.map(({ split, examples }) => {
      const source = splits[split];
      const count = examples === 'all' ? source.count : examples;
      return {
        split,
        examples: count,
        chunks: evaluationBatches(source, examples, chunk),
        targets: needOutputs(metrics) ? firstTargets(source, kind, count) : undefined,
      };
    }),
  };
}

function firstTargets({ targets }: Examples, kind: TargetKind, count: number) {
  const values = targetArray(targets, kind, count);
  takeTargets(
    targets,
    values,
    Int32Array.from({ length: count }, (_, position) => position),
  );
  return { kind, values };
}
