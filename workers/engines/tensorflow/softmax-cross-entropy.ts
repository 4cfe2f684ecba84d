import { tf } from '../../tf.js';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Operations } from './operations.js';

/**
 * Mean softmax cross-entropy over TensorFlow's fused operation, which gives the gradient with the
 * loss.
 * @param logits `[batch, classes]` float32
 * @param labels `[batch]` int32
 */
export function softmaxCrossEntropy(ops: Operations, logits: Tensor2D, labels: Tensor1D): Scalar {
  const attributes = [ops.float, ops.type('Tlabels', 'int32')];
  const operation = tf.customGrad((x, save) => {
    const [losses, backprop] = ops.runMany(
      'SparseSoftmaxCrossEntropyWithLogits',
      [x as Tensor, labels],
      attributes,
      2,
    ) as [Tensor, Tensor];
    (save as (tensors: Tensor[]) => void)([backprop]);
    const batch = labels.size;
    return {
      value: tf.mean<Scalar>(losses),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(saved[0]!, tf.div(dy, batch)),
    };
  });
  return operation(logits);
}
