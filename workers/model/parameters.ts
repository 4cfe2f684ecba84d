import { tf } from '../tf.js';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { everyLayer, LockstepError } from '../../src/protocol/index.js';
import type { NetworkPlan, TensorData, TensorMap } from '../../src/protocol/index.js';
import type { DenseKernels } from '../engines/engine.js';
import { drawWeights } from './draw-weights.js';

/**
 * The network's parameters as they are before the first step, by name, in the network's order.
 * @param seed int32 seed of the variant's `init` stream
 * @param layout how the engine keeps the kernels of dense layers
 */
export function createParameters(
  { layers }: NetworkPlan,
  seed: number,
  layout: DenseKernels,
): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  const draws = layers.flatMap((outer, layer) =>
    everyLayer([outer]).map(({ parameters }, inner) => ({ parameters, layer, inner })),
  );
  for (const { parameters, layer, inner } of draws) {
    let tensor = 0;
    for (const { name, shape, trainable, init } of parameters) {
      const initial =
        typeof init === 'string'
          ? tf.fill([...shape], init === 'ones' ? 1 : 0)
          : tensorIn(layout, {
              shape,
              values: drawWeights(shape, init, { seed, layer, inner, tensor: tensor++ }),
            });
      variables.set(name, createVariable(initial, trainable));
    }
  }
  return variables;
}

/** A parameter's values as plain data, in a checkpoint's layout, which later steps leave as they are. */
export function readVariable(variable: Variable, layout: DenseKernels): TensorData {
  const turned = isTransposed(layout, variable.shape) ? tf.transpose(variable) : undefined;
  const { shape } = turned ?? variable;
  // Copied: some backends return a view of their own memory.
  const values = new Float32Array((turned ?? variable).dataSync());
  turned?.dispose();
  return { shape, values };
}

/** @throws LockstepError `data` when there is no such tensor, or one of another shape */
export function assignVariable(
  variable: Variable,
  name: string,
  tensors: TensorMap,
  layout: DenseKernels,
): void {
  const tensor = tensors[name];
  const shape = isTransposed(layout, variable.shape) ? variable.shape.toReversed() : variable.shape;
  if (tensor?.shape.join() !== shape.join()) {
    throw new LockstepError(
      'data',
      `checkpoint: expected tensor ${name} of shape [${shape.join(', ')}], ` +
        `got ${tensor === undefined ? 'none' : `[${tensor.shape.join(', ')}]`}`,
      { hint: 'It was written for another network; resume with the configuration it belongs to.' },
    );
  }
  tf.tidy(() => {
    // Copied: tf.tensor may keep the array, which the caller may reuse.
    variable.assign(tensorIn(layout, { shape, values: new Float32Array(tensor.values) }));
  });
}

/** A tensor in the engine's layout from data in a checkpoint's. */
function tensorIn(layout: DenseKernels, { shape, values }: TensorData): Tensor {
  return tf.tidy(() => {
    const tensor = tf.tensor(values, [...shape]);
    return isTransposed(layout, shape) ? tf.transpose(tensor) : tensor;
  });
}

/** Kernels of dense layers alone have two axes. */
function isTransposed(layout: DenseKernels, shape: readonly number[]): boolean {
  return layout === 'out, in' && shape.length === 2;
}

/** A variable that takes over the tensor's memory. */
export function createVariable(initial: Tensor, trainable: boolean): Variable {
  const created = tf.variable(initial, trainable);
  initial.dispose();
  return created;
}
