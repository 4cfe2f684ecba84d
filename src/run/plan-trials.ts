import { planPoints } from '../config/plan-points.js';
import type { Config } from '../config/schema.js';
import type { Trial } from './manifest.js';

/** The trials of a configuration: each point of its sweep with each seed, point after point. */
export function planTrials({ sweep, seeds }: Config): Trial[] {
  const points = sweep === undefined ? [{}] : planPoints(sweep);
  return points
    .flatMap((point) => seeds.map((seed) => ({ point, seed })))
    .map(({ point, seed }, index) => ({ index, point, seed }));
}
