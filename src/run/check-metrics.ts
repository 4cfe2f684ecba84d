import { formatPath } from '../config/path.js';
import type { Config } from '../config/schema.js';
import { metricKind } from '../metrics/registry.js';
import { LockstepError } from '../protocol/index.js';

/**
 * Checks that every metric says something of a network's outputs.
 * @param outputs units of the network's last layer
 * @throws LockstepError `usage` naming the metric that needs more classes
 */
export function checkMetrics(
  { evaluation }: Pick<Config, 'evaluation'>,
  { outputs }: { readonly outputs: number },
): void {
  for (const [index, name] of evaluation.metrics.entries()) {
    const { fewestClasses = 1 } = metricKind(name);
    if (outputs >= fewestClasses) continue;
    const path = ['evaluation', 'metrics', index];
    throw new LockstepError(
      'usage',
      `${formatPath(path)}: expected a metric of ${outputs} classes, got ${name}, which needs at least ${fewestClasses}`,
      { path, hint: `Leave ${name} out of evaluation.metrics.` },
    );
  }
}
