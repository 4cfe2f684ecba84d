import { tf } from '../../tf.js';
import type { MetricSums } from './metric.js';

/** How many examples have their largest logit, the first of equals, at their class. */
export const accuracy: MetricSums = ({ logits, labels }) => {
  const hits = tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32');
  return { correct: tf.sum(hits).dataSync()[0]! };
};
