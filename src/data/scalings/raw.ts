import type { ScalingKind } from './scaling.js';

export const raw: ScalingKind = {
  name: 'raw',
  description: 'bytes as numbers in [0, 1], other numbers as they are',
  fit: () => undefined,
};
