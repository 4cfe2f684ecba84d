import type { z } from 'zod';
import { defaultObjective, targetsOf } from '../../model/objectives.js';
import type { ObjectiveSpec } from '../../model/objectives.js';
import { defaultMetrics, metricKind, metricNames, metricsOf } from '../../metrics/registry.js';
import { splitNames } from '../../protocol/index.js';
import { oneOf, orList } from '../../schema/fields.js';

const quantities = splitNames.flatMap((split) => metricNames.map((name) => `${split}.${name}`));

/** A metric on a split, such as `test.accuracy`. */
export function quantity() {
  return oneOf(quantities as [string, ...string[]]);
}

interface Measuring {
  readonly training: { readonly objective?: ObjectiveSpec | undefined };
  readonly evaluation: { readonly metrics?: readonly string[] | undefined };
  readonly decision: { readonly metric?: string | undefined };
}

/** Where a configuration does not say what it measures and decides by, its objective does. */
export function withMetrics<Config extends Measuring>(config: Config) {
  const { training, evaluation, decision } = config;
  const metrics =
    evaluation.metrics ?? defaultMetrics(targetsOf(training.objective ?? defaultObjective));
  const first = metrics.includes('accuracy') ? 'accuracy' : (metrics[0] ?? 'loss');
  return {
    ...config,
    evaluation: { ...evaluation, metrics },
    decision: { ...decision, metric: decision.metric ?? `test.${first}` },
  };
}

/** A metric says something of its own kinds of targets only, and predictions are classes. */
export function checkMetricsFit(
  {
    training: { objective = defaultObjective },
    evaluation: { metrics, predictions },
  }: {
    readonly training: { readonly objective?: ObjectiveSpec | undefined };
    readonly evaluation: {
      readonly metrics: readonly string[];
      readonly predictions?: boolean | undefined;
    };
  },
  context: z.core.$RefinementCtx,
): void {
  const targets = targetsOf(objective);
  for (const [index, name] of metrics.entries()) {
    if (metricKind(name).targets.includes(targets)) continue;
    context.addIssue({
      code: 'custom',
      path: ['evaluation', 'metrics', index],
      message: `expected a metric of ${targets} (${orList(metricsOf(targets))}), which are the targets of ${objective.kind}, got ${name}`,
    });
  }
  if (predictions === true && targets !== 'classes') {
    context.addIssue({
      code: 'custom',
      path: ['evaluation', 'predictions'],
      message: `expected none, as they are predicted classes, and the targets of ${objective.kind} are ${targets}`,
    });
  }
}
