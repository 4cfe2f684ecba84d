import type { MetricKind } from './metric.js';
import { numberIn } from '../protocol/sums.js';

/** Share of the labels of all examples that are predicted right: as holding where their probability is above 1/2. */
export const binaryAccuracy: MetricKind = {
  name: 'binaryAccuracy',
  targets: ['labels'],
  isDefault: true,
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: true,
  count: { of: 'correctLabels', among: 'labels' },
  value: ({ sums }) => numberIn(sums, 'correctLabels') / numberIn(sums, 'labels'),
};
