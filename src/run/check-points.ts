import type { Blame } from '../config/blame.js';
import { planPoints } from '../config/plan-points.js';
import type { SweepPoint } from '../config/plan-points.js';
import type { Config } from '../config/schema.js';
import { runWideChanges } from '../config/run-wide.js';
import { applyPoint } from '../config/validate.js';
import type { Dataset } from '../data/dataset.js';
import { LockstepError } from '../protocol/index.js';
import { checkConfig } from './check-config.js';
import type { MemoryLimit } from './check-memory.js';
import { dataSources, sourceKey } from './data-sources.js';

/**
 * Checks a configuration against a dataset of it, at every point of its sweep that has this dataset.
 * @param blame says where a key was written
 * @param data the `data` section of the dataset, where the sweep has several
 * @throws LockstepError `usage` naming the point and the path, as soon as one point is not allowed
 */
export function checkPoints(
  config: Config,
  dataset: Dataset,
  memory: readonly MemoryLimit[],
  blame: Blame,
  data: Config['data'] = config.data,
): void {
  const isOnly = dataSources(config).length === 1;
  if (config.sweep === undefined) {
    blaming(blame, () => {
      checkConfig(config, dataset, memory);
    });
    return;
  }
  for (const [index, point] of planPoints(config.sweep).entries()) {
    const source = `point ${index} (${pointText(point)})`;
    const atPoint = applyPoint(config, point, source);
    const [change] = runWideChanges(config, atPoint);
    if (!isOnly && sourceKey(atPoint.data) !== sourceKey(data)) continue;
    if (change !== undefined) throw new LockstepError('usage', `${source}: ${change}`);
    blaming(
      ({ code, message, hint, path, cause }) =>
        blame(new LockstepError(code, `${source}: ${message}`, { hint, path, cause }), point),
      () => {
        checkConfig(atPoint, dataset, memory);
      },
    );
  }
}

function blaming(blame: (error: LockstepError) => LockstepError, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof LockstepError ? blame(error) : error;
  }
}

/** `variants.snn.dropout.rate=0.1, training.steps=20`. */
function pointText(point: SweepPoint): string {
  return Object.entries(point)
    .map(([path, value]) => `${path}=${JSON.stringify(value)}`)
    .join(', ');
}
