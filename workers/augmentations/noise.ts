import { normalBlock } from '../../src/random/normal.js';
import type { AugmentationOp } from './op.js';

export const noise: AugmentationOp<'noise'> = ({ std }) => {
  const normal = new Float64Array(4);
  return (values, _spare, draws) => {
    for (let k = 0, block = 0; k < values.length; k += 4, block++) {
      normalBlock(draws.block(block), normal);
      for (let i = 0; i < 4 && k + i < values.length; i++) values[k + i]! += std * normal[i]!;
    }
    return values;
  };
};
