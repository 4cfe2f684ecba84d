import type { Shape } from '../../protocol/network-plan.js';
import { positive } from '../../schema/fields.js';
import type { ParameterSpec } from './kind.js';

/** Settings and parameters that both normalizations have. */

export const epsilon = positive()
  .default(1e-3)
  .describe('Added to the variance, which it keeps away from 0.');

/** Scale and shift of each channel, the last axis. */
export function scaleAndShift(input: Shape): ParameterSpec[] {
  const shape = input.slice(-1);
  return [
    { name: 'gamma', shape, trainable: true, init: 'ones' },
    { name: 'beta', shape, trainable: true, init: 'zeros' },
  ];
}
