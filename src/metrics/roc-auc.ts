import { LockstepError } from '../protocol/index.js';
import { meanOfPresent } from './class-counts.js';
import type { AllOutputs, Measured, MetricKind } from './metric.js';

/**
 * Area under the ROC curve: how often a positive example scores above a negative one, ties counting half.
 * Of two classes: of the second against the first. Of more: the mean over the classes, each against all
 * others by its softmax probability. Of labels: the mean over the labels. Classes and labels without
 * examples, or without others, do not count. scikit-learn's `roc_auc_score` (macro, one-vs-rest).
 * Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic curve".
 */
export const rocAuc: MetricKind = {
  name: 'rocAuc',
  targets: ['classes', 'labels'],
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: false,
  needsOutputs: true,
  value: (measured) => meanOfPresent(areas(measured)),
  perClass: areas,
};

function areas({ examples, outputs }: Measured): number[] {
  if (outputs === undefined) throw new LockstepError('bug', 'expected all outputs, got sums only');
  const units = outputs.outputs.length / examples;
  const [scores, isPositive] =
    outputs.kind === 'classes'
      ? [
          softmaxColumns(outputs, units),
          (row: number, unit: number) => outputs.targets[row] === unit,
        ]
      : [outputs.outputs, (row: number, unit: number) => outputs.targets[row * units + unit] === 1];
  // Of two classes the second's area is the first's.
  const counted =
    outputs.kind === 'classes' && units === 2
      ? [1]
      : Array.from({ length: units }, (_, unit) => unit);
  return counted.map((unit) =>
    areaUnder(
      Float64Array.from({ length: examples }, (_, row) => scores[row * units + unit]!),
      (row) => isPositive(row, unit),
    ),
  );
}

/** By the rank sum of the positive examples (Mann and Whitney 1947); NaN where all or none are. */
function areaUnder(scores: Float64Array, isPositive: (row: number) => boolean): number {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let [rankSum, positives] = [0, 0];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end += 1;
    const own = order.subarray(start, end).filter(isPositive).length;
    // Equal scores share the mean of their ranks, start + 1 to end.
    rankSum += (own * (start + 1 + end)) / 2;
    positives += own;
    start = end;
  }
  const pairs = positives * (scores.length - positives);
  return (rankSum - (positives * (positives + 1)) / 2) / pairs;
}

/** Probabilities of all classes in float64. */
function softmaxColumns({ outputs }: AllOutputs, classes: number): Float64Array {
  const probabilities = Float64Array.from(outputs);
  for (let start = 0; start < probabilities.length; start += classes) {
    const row = probabilities.subarray(start, start + classes);
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let total = 0;
    row.forEach((logit, index) => (total += row[index] = Math.exp(logit - largest)));
    row.forEach((power, index) => (row[index] = power / total));
  }
  return probabilities;
}
