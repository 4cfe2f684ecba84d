import { configHash } from '../config/hash.js';
import type { Config } from '../config/types.js';
import type { Manifest, Trial } from '../run/manifest.js';

/** The configuration of one trial: the run's, with this trial's seed alone. */
export function trialConfig({ config }: Manifest, { seed }: Trial): Config {
  return { ...config, seeds: [seed] };
}

/** SHA-256 of {@link trialConfig}: the same whichever seeds the trial is run beside. */
export function trialConfigHash(manifest: Manifest, trial: Trial): string {
  return configHash(trialConfig(manifest, trial));
}
