import { tf } from '../../tf.js';
import type { MetricSums } from './metric.js';

/** How many examples have their largest logit, the first of equals, at their class. */
export const accuracy: MetricSums = ({ outputs, targets }) => {
  const hits = tf.cast(tf.equal(tf.argMax(outputs, 1), targets), 'float32');
  return { correct: tf.sum(hits).dataSync()[0]! };
};
