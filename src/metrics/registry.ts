import { LockstepError } from '../protocol/index.js';
import { accuracy } from './accuracy.js';
import { brier } from './brier.js';
import { loss } from './loss.js';
import type { MetricKind } from './metric.js';

/** Every metric, in the order in which people are shown them. Each is computed by its namesake in `workers/model/metrics`. */
export const metrics: readonly MetricKind[] = [loss, accuracy, brier];

export const metricNames: readonly string[] = metrics.map(({ name }) => name);

/** The metrics that a configuration can ask for: the loss comes by itself. */
export const optionalMetricNames: readonly string[] = metricNames.filter((name) => name !== 'loss');

/** Names of what a trial of a configuration measures, in the order of {@link metrics}. */
export function measuredMetrics(evaluation: { readonly metrics: readonly string[] }): string[] {
  return metricNames.filter((name) => name === 'loss' || evaluation.metrics.includes(name));
}

/** @throws LockstepError `data` for a name that this version of Lockstep does not have */
export function metricKind(name: string): MetricKind {
  const kind = metrics.find((metric) => metric.name === name);
  if (kind !== undefined) return kind;
  throw new LockstepError(
    'data',
    `expected one of the metrics ${metricNames.join(', ')}, got ${name}`,
    { hint: 'It was recorded by another version of Lockstep; read it with that version.' },
  );
}

/**
 * The metric of a measured quantity such as `test.accuracy` or `minibatch.loss`.
 * @throws LockstepError `data` for an unknown metric
 */
export function metricOfQuantity(quantity: string): MetricKind {
  return metricKind(quantity.slice(quantity.lastIndexOf('.') + 1));
}
