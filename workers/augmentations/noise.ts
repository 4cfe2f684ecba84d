import type { AugmentationOp } from './op.js';

export const noise: AugmentationOp<'noise'> = ({ std }, shape) => {
  const normal = new Float64Array(shape.reduce((product, length) => product * length, 1));
  return (values, _spare, draws) => {
    draws.normals(normal);
    for (let k = 0; k < values.length; k++) values[k]! += std * normal[k]!;
    return values;
  };
};
