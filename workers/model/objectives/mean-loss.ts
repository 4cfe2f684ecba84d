import { tf } from '../../tf.js';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { ObjectiveSpec } from '../../../src/model/objectives.js';
import type { Engine } from '../../engines/engine.js';
import type { ObjectiveOf, ObjectiveOp } from './op.js';

/** The loss of one example, or of one output, with its derivative. */
export interface Loss {
  readonly loss: number;
  readonly derivative: number;
}

type Targets = Float32Array | Int32Array;

/**
 * The loss of one example.
 * @param outputs of the example
 * @param targets of all examples
 * @param row the example's position
 * @param gradient of the loss with respect to the outputs, to be filled
 */
export type LossOfExample = (
  outputs: Float32Array,
  targets: Targets,
  row: number,
  gradient: Float64Array,
) => number;

/** Outputs, and the targets that they are to meet. */
export interface Examples {
  /** `[examples, outputs]` float32 */
  readonly outputs: Tensor2D;
  readonly targets: Tensor;
}

/**
 * Mean over the examples of a loss that is computed here, in float64 whatever the engine: outputs are few,
 * so this is quick, and the same to the bit on every engine.
 */
export function meanOverExamples(
  engine: Engine,
  { outputs, targets }: Examples,
  lossOf: LossOfExample,
): Scalar {
  const [examples, width] = outputs.shape;
  const operation = tf.customGrad((x, save) => {
    const [mean, gradient] = engine.callback([x as Tensor, targets], ([values, wanted]) => {
      const gradients = new Float32Array(examples * width);
      const ofExample = new Float64Array(width);
      let sum = 0;
      for (let row = 0; row < examples; row += 1) {
        const start = row * width;
        const own = (values as Float32Array).subarray(start, start + width);
        sum += lossOf(own, wanted!, row, ofExample);
        ofExample.forEach((value, index) => (gradients[start + index] = value / examples));
      }
      return [
        { shape: [], values: Float32Array.of(sum / examples) },
        { shape: [examples, width], values: gradients },
      ];
    });
    (save as tf.GradSaveFunc)([gradient!]);
    return {
      value: mean!,
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => tf.mul(dy, saved!),
    };
  });
  return operation(outputs) as Scalar;
}

/**
 * The objective that is the mean over examples and outputs of a loss of one output and its target, as Keras
 * reduces it. Its targets are `[examples, outputs]` float32.
 */
export function meanOverOutputs<Kind extends ObjectiveSpec['kind']>(
  lossOf: (output: number, target: number, spec: ObjectiveOf<Kind>) => Loss,
): ObjectiveOp<Kind> {
  return (outputs, targets, spec, engine) => {
    const width = outputs.shape[1];
    return meanOverExamples(engine, { outputs, targets }, (own, wanted, row, gradient) => {
      let sum = 0;
      own.forEach((output, index) => {
        const { loss, derivative } = lossOf(output, wanted[row * width + index]!, spec);
        sum += loss;
        gradient[index] = derivative / width;
      });
      return sum / width;
    });
  };
}
