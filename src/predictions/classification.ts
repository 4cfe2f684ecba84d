import type { TrialPredictions } from './predictions-file.js';

/** Beyond so many classes a matrix is no longer readable. */
const mostClasses = 25;
const bins = 15;
/** How many confusions are listed. */
const listed = 10;

/** How often one class was taken for another. */
export interface Confusion {
  readonly class: number;
  readonly predicted: number;
  readonly count: number;
}

/** Predictions whose probability is in one bin. */
export interface CalibrationBin {
  /** Ends of the bin; the upper one is inside. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability of the predicted classes. */
  readonly confidence: number;
  /** Share that is right. */
  readonly accuracy: number;
}

/** What one variant predicts, all seeds together. */
export interface Classification {
  readonly variant: string;
  /** Predictions by class (row) and predicted class (column); null where there are too many classes. */
  readonly matrix: readonly (readonly number[])[] | null;
  /** The most frequent confusions of two classes, most frequent first. */
  readonly confusions: readonly Confusion[];
  /** Bins of 1/15 that have predictions; null where their probabilities were not kept. */
  readonly calibration: readonly CalibrationBin[] | null;
}

/**
 * Sums a variant's predictions up by class, and by probability.
 * @param trials one a seed, all with the variant
 * @param labels `[at least examples]` true classes of the test split
 */
export function classify(
  trials: readonly Pick<TrialPredictions, 'variants' | 'confidences'>[],
  labels: ArrayLike<number>,
  variant: string,
): Classification {
  const predictions = trials.map(({ variants }) => variants[variant]!);
  const examples = predictions[0]?.length ?? 0;
  const used = Array.from({ length: examples }, (_, example) => labels[example]!);
  const classes =
    1 + Math.max(0, ...new Set(used), ...new Set(predictions.flatMap((own) => [...new Set(own)])));
  const counts = new Float64Array(classes * classes);
  for (const own of predictions) {
    own.forEach((predicted, example) => (counts[used[example]! * classes + predicted]! += 1));
  }
  const rows = Array.from({ length: classes }, (_, row) =>
    Array.from(counts.subarray(row * classes, (row + 1) * classes)),
  );
  const confidences = trials.map((trial) => trial.confidences?.[variant]);
  return {
    variant,
    matrix: classes > mostClasses ? null : rows,
    confusions: rows
      .flatMap((row, actual) =>
        row.map((count, predicted): Confusion => ({ class: actual, predicted, count })),
      )
      .filter(({ class: actual, predicted, count }) => actual !== predicted && count > 0)
      .sort((a, b) => b.count - a.count)
      .slice(0, listed),
    calibration: confidences.every((own) => own !== undefined)
      ? calibrate(predictions, confidences, used)
      : null,
  };
}

/** The bins of Guo et al. 2017 (arXiv:1706.04599), as the metric `ece` has them. */
function calibrate(
  predictions: readonly Uint8Array[],
  confidences: readonly Float32Array[],
  labels: readonly number[],
): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  predictions.forEach((own, trial) => {
    own.forEach((predicted, example) => {
      const confidence = confidences[trial]![example]!;
      const bin = sums[Math.max(0, Math.ceil(confidence * bins) - 1)]!;
      bin.count += 1;
      bin.confidence += confidence;
      if (predicted === labels[example]) bin.right += 1;
    });
  });
  return sums.flatMap(({ count, confidence, right }, bin) =>
    count === 0
      ? []
      : [
          {
            from: bin / bins,
            to: (bin + 1) / bins,
            count,
            confidence: confidence / count,
            accuracy: right / count,
          },
        ],
  );
}
