import { areLevels, widthOf } from '../column.js';
import type { ScalingKind } from './scaling.js';

/**
 * scikit-learn's `MinMaxScaler`: each value's smallest number becomes 0 and its largest 1. A constant value
 * becomes 0; elsewhere it may leave [0, 1], as any value of examples that were not fitted.
 */
export const minmax: ScalingKind = {
  name: 'minmax',
  description:
    'each input value from 0 (its minimum) to 1 (its maximum), fitted on the training split',
  fit({ inputs }) {
    const { values } = inputs;
    const width = widthOf(inputs);
    const lowest = new Float64Array(width).fill(Infinity);
    const highest = new Float64Array(width).fill(-Infinity);
    for (let start = 0; start < values.length; start += width) {
      for (let k = 0; k < width; k++) {
        const value = values[start + k]!;
        if (value < lowest[k]!) lowest[k] = value;
        if (value > highest[k]!) highest[k] = value;
      }
    }
    const unit = areLevels(values) ? 255 : 1;
    const offset = lowest.map((value) => value / unit);
    const scale = highest.map((value, k) => value / unit - offset[k]! || 1);
    return { offset, scale };
  },
};
