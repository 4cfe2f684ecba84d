import { configHash } from '../config/hash.js';
import { applyPoint } from '../config/validate.js';
import type { Config } from '../config/schema.js';
import type { Manifest, Trial } from '../run/manifest.js';

/**
 * The configuration of one trial: the run's at the trial's sweep point, with its seed alone. It has no
 * `sweep`, so a point's trial is the one that a plain run with those values has.
 */
export function trialConfig({ config }: Manifest, { point, seed }: Trial): Config {
  const base = Object.keys(point).length === 0 ? config : applyPoint(config, point);
  return { ...base, seeds: [seed] };
}

/** SHA-256 of {@link trialConfig}: the same whichever trials it is run beside. */
export function trialConfigHash(manifest: Manifest, trial: Trial): string {
  return configHash(trialConfig(manifest, trial));
}
