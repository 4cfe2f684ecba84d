import { applyPoint } from '../config/validate.js';
import { configInSteps } from './config-in-steps.js';
import type { ConfigInSteps } from './config-in-steps.js';
import { trainingExamplesOf } from './data-sources.js';
import type { Manifest, Trial } from './manifest.js';

/**
 * The configuration that the trials of a point train, in steps. At the point of a run without a sweep it is the
 * run's own.
 */
export function pointConfig(
  manifest: Pick<Manifest, 'config' | 'trainingExamples' | 'datasets'>,
  point: Trial['point'],
): ConfigInSteps {
  const { config: shared } = manifest;
  const config = Object.keys(point).length === 0 ? shared : applyPoint(shared, point);
  return configInSteps(config, trainingExamplesOf(manifest, config.data));
}
