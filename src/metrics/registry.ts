import { LockstepError } from '../protocol/index.js';
import type { TargetKind } from '../protocol/index.js';
import { accuracy } from './accuracy.js';
import { balancedAccuracy } from './balanced-accuracy.js';
import { binaryAccuracy } from './binary-accuracy.js';
import { brier } from './brier.js';
import { ece } from './ece.js';
import { loss } from './loss.js';
import { mae } from './mae.js';
import { macroF1 } from './macro-f1.js';
import type { MetricKind } from './metric.js';
import { mse } from './mse.js';
import { r2 } from './r2.js';
import { rocAuc } from './roc-auc.js';
import { topAccuracies } from './top-accuracy.js';

/** Every metric, in the order in which people are shown them. Each is computed by its namesake in `workers/model/metrics`. */
export const metrics: readonly MetricKind[] = [
  loss,
  accuracy,
  binaryAccuracy,
  ...topAccuracies,
  balancedAccuracy,
  macroF1,
  rocAuc,
  brier,
  ece,
  r2,
  mse,
  mae,
];

export const metricNames: readonly string[] = metrics.map(({ name }) => name);

/** The metrics that a configuration can ask for: the loss comes by itself. */
export const optionalMetricNames: readonly string[] = metricNames.filter((name) => name !== 'loss');

interface Evaluation {
  readonly metrics: readonly string[];
}

/** Names of what a trial of a configuration measures on splits, in the order of {@link metrics}. */
export function measuredMetrics(evaluation: Evaluation): string[] {
  return metricNames.filter((name) => name === 'loss' || evaluation.metrics.includes(name));
}

/** Those of the {@link measuredMetrics} that it measures on minibatches, too. */
export function minibatchMetrics(evaluation: Evaluation): string[] {
  return measuredMetrics(evaluation).filter((name) => metricKind(name).onMinibatch);
}

/** Whether some of these metrics are made from all outputs of a split. */
export function needOutputs(names: readonly string[]): boolean {
  return names.some((name) => metricKind(name).needsOutputs);
}

/** Names of the metrics that a configuration can ask for with such targets. */
export function metricsOf(targets: TargetKind): string[] {
  return optionalMetricNames.filter((name) => metricKind(name).targets.includes(targets));
}

/** Names of the metrics that are measured where a configuration names none. */
export function defaultMetrics(targets: TargetKind): string[] {
  return metricsOf(targets).filter((name) => metricKind(name).isDefault);
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

/** How a metric's values are written and drawn. */
export type MetricScale = Pick<MetricKind, 'name' | 'unit' | 'scale'>;

const importedPrefix = 'imported.';

/** The quantity of a metric that was measured elsewhere, by its name there: `imported.val_acc`. */
export function importedQuantity(name: string): string {
  return importedPrefix + name;
}

/** The metric's name in its source; undefined for a quantity that Lockstep measures itself. */
export function importedName(quantity: string): string | undefined {
  return quantity.startsWith(importedPrefix) ? quantity.slice(importedPrefix.length) : undefined;
}

/**
 * The metric of a measured quantity such as `test.accuracy` or `minibatch.loss`. One that was imported is a plain
 * number whatever its name: an `accuracy` from elsewhere may be in percent.
 * @throws LockstepError `data` for an unknown metric
 */
export function metricOfQuantity(quantity: string): MetricScale {
  const name = importedName(quantity);
  if (name !== undefined) return { name, unit: 'plain', scale: 'linear' };
  return metricKind(lastPart(quantity));
}

/** Which values of a quantity that Lockstep measures are better. @throws LockstepError `data` for an unknown metric */
export function betterOfQuantity(quantity: string): MetricKind['better'] {
  return metricKind(lastPart(quantity)).better;
}

function lastPart(quantity: string): string {
  return quantity.slice(quantity.lastIndexOf('.') + 1);
}
