import { tf } from '../tf.js';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { EvaluateReply } from '../../src/protocol/index.js';
import { softmax } from './metrics/rows.js';

/**
 * The class of each example with the largest logit, the first of equals, and its softmax probability.
 * @param logits `[examples, classes]` float32
 */
export function predictionsOf(
  logits: Tensor2D,
): Required<Pick<EvaluateReply, 'predictions' | 'confidences'>> {
  const values = logits.dataSync<'float32'>();
  const predictions = Uint8Array.from(tf.argMax(logits, 1).dataSync());
  const width = logits.shape[1];
  const confidences = Float32Array.from(
    predictions,
    (predicted, row) => softmax(values.subarray(row * width, (row + 1) * width))[predicted]!,
  );
  return { predictions, confidences };
}
