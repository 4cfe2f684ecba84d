import { LockstepError } from '../protocol/index.js';
import {
  betterOfQuantity,
  importedName,
  importedQuantity,
  minibatchMetrics,
} from '../metrics/registry.js';
import { evaluatedQuantities, evaluationsOf } from '../run/evaluations.js';
import type { ImportedManifest } from '../run/imported-manifest.js';
import type { Manifest } from '../run/manifest.js';
import { finalMetric } from '../run/final-values.js';
import type { FinalMetric } from '../run/final-values.js';

/** The metrics that some point of a run measures. */
export function metricNames(manifest: Planned): string[] {
  if (manifest.kind !== undefined) {
    return Object.keys(manifest.config.metrics).map(importedQuantity);
  }
  const evaluations = evaluationsOf(manifest);
  const onMinibatch = evaluations
    .filter(({ minibatch }) => minibatch)
    .flatMap(minibatchMetrics)
    .map((score) => `minibatch.${score}`);
  return [...evaluatedQuantities(evaluations), ...new Set(onMinibatch)];
}

type Planned =
  Pick<Manifest, 'kind' | 'config' | 'trials'> | Pick<ImportedManifest, 'kind' | 'config'>;

/** @throws LockstepError `usage` for a metric that no point of the run measures */
export function metricNamed(asked: string, manifest: Planned): FinalMetric {
  const known = metricNames(manifest);
  // The source's own name will do.
  const name = known.find((one) => one === asked || importedName(one) === asked) ?? asked;
  if (!known.includes(name)) {
    throw new LockstepError('usage', `--metric: expected ${known.join(', ')}, got ${name}`, {
      hint: 'A metric can be reported only if the run measured it.',
    });
  }
  return finalMetric(name, directionOf(name, manifest));
}

/** Which values of a quantity that a run measured are better. */
export function directionOf(quantity: string, manifest: Planned): FinalMetric['direction'] {
  if (manifest.kind === undefined) return betterOfQuantity(quantity);
  return manifest.config.metrics[importedName(quantity)!]!.better;
}

/** Whether a decision is another than the one that was fixed before any result was known. */
export function isExploratory({ config, extensions }: Decided, { name }: FinalMetric): boolean {
  return name !== config.decision.metric || isExtendedAfterLooking({ config, extensions });
}

type Decided =
  Pick<Manifest, 'config' | 'extensions'> | Pick<ImportedManifest, 'config' | 'extensions'>;

/** Whether seeds were added once results were known, to a plan for which that matters. */
export function isExtendedAfterLooking({
  config,
  extensions = [],
}: {
  readonly config: Decided['config'];
  readonly extensions?: Decided['extensions'];
}): boolean {
  const mayGoOn = config.decision.sequential?.openEnded === true;
  return !mayGoOn && extensions.some(({ hadResults }) => hadResults);
}
