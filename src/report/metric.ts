import { LockstepError } from '../protocol/index.js';
import { minibatchMetrics } from '../metrics/registry.js';
import { evaluatedQuantities, evaluationsOf } from '../run/evaluations.js';
import type { Manifest } from '../run/manifest.js';
import { finalMetric } from '../run/final-values.js';
import type { FinalMetric } from '../run/final-values.js';

/** The metrics that some point of a run measures. */
export function metricNames(manifest: Planned): string[] {
  const evaluations = evaluationsOf(manifest);
  const onMinibatch = evaluations
    .filter(({ minibatch }) => minibatch)
    .flatMap(minibatchMetrics)
    .map((score) => `minibatch.${score}`);
  return [...evaluatedQuantities(evaluations), ...new Set(onMinibatch)];
}

type Planned = Pick<Manifest, 'config' | 'trials'>;

/** @throws LockstepError `usage` for a metric that no point of the run measures */
export function metricNamed(name: string, manifest: Planned): FinalMetric {
  const known = metricNames(manifest);
  if (!known.includes(name)) {
    throw new LockstepError('usage', `--metric: expected ${known.join(', ')}, got ${name}`, {
      hint: 'A metric can be reported only if the run measured it.',
    });
  }
  return finalMetric(name);
}

/** Whether a decision is another than the one that was fixed before any result was known. */
export function isExploratory({ config, extensions }: Manifest, { name }: FinalMetric): boolean {
  return name !== config.decision.metric || isExtendedAfterLooking({ config, extensions });
}

/** Whether seeds were added once results were known, to a plan for which that matters. */
export function isExtendedAfterLooking({
  config,
  extensions = [],
}: Pick<Manifest, 'config' | 'extensions'>): boolean {
  const mayGoOn = config.decision.sequential?.openEnded === true;
  return !mayGoOn && extensions.some(({ hadResults }) => hadResults);
}
