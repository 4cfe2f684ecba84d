import { tf } from '../../tf.js';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Mean softmax cross-entropy with its gradient `(softmax(logits) - onehot(labels)) / batch`. The
 * logits are few, so this runs in TypeScript, in float64, where it is exact and quick.
 * @param logits `[batch, classes]` float32
 * @param labels `[batch]` int32
 */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  const classes = labels.dataSync();
  const operation = tf.customGrad((x) => {
    const { loss, gradient } = compute(x as Tensor2D, classes);
    return {
      value: tf.scalar(loss),
      gradFunc: (dy: Tensor) => tf.mul(dy, tf.tensor(gradient, (x as Tensor2D).shape)),
    };
  });
  return operation(logits) as Scalar;
}

function compute(
  logits: Tensor2D,
  labels: ArrayLike<number>,
): { loss: number; gradient: Float32Array } {
  const [batch, classes] = logits.shape;
  const values = logits.dataSync();
  const gradient = new Float32Array(values.length);
  let sum = 0;
  for (let row = 0; row < batch; row += 1) {
    const start = row * classes;
    let largest = -Infinity;
    for (let i = start; i < start + classes; i += 1) largest = Math.max(largest, values[i]!);
    let total = 0;
    for (let i = start; i < start + classes; i += 1) total += Math.exp(values[i]! - largest);
    const label = start + labels[row]!;
    sum += Math.log(total) + largest - values[label]!;
    for (let i = start; i < start + classes; i += 1) {
      const probability = Math.exp(values[i]! - largest) / total;
      gradient[i] = (probability - (i === label ? 1 : 0)) / batch;
    }
  }
  return { loss: sum / batch, gradient };
}
