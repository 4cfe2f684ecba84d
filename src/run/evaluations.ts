import type { Config } from '../config/schema.js';
import { applyPoint } from '../config/validate.js';
import { measuredMetrics } from '../metrics/registry.js';
import type { Manifest } from './manifest.js';

type Evaluation = Config['evaluation'];

/** What the points of a run evaluate, which a sweep may vary. */
export function evaluationsOf({
  config,
  trials,
}: Pick<Manifest, 'config' | 'trials'>): Evaluation[] {
  const points = new Map(trials.map(({ point }) => [JSON.stringify(point), point]));
  const evaluations = [...points.values()].map((point) => {
    const varies = Object.keys(point).some((path) => /^evaluation(\.|$)/.test(path));
    return varies ? applyPoint(config, point).evaluation : config.evaluation;
  });
  return evaluations.length === 0 ? [config.evaluation] : [...new Set(evaluations)];
}

/** Quantities such as `test.accuracy` that some point evaluates, split by split. */
export function evaluatedQuantities(evaluations: readonly Evaluation[]): string[] {
  const quantities = evaluations.flatMap((evaluation) =>
    evaluation.splits.flatMap(({ split }) =>
      measuredMetrics(evaluation).map((name) => `${split}.${name}`),
    ),
  );
  return [...new Set(quantities)];
}
