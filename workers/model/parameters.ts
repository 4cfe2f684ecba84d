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
 * @param first position of the first layer
 */
export function createParameters(
  { layers }: Pick<NetworkPlan, 'layers'>,
  seed: number,
  layout: DenseKernels,
  first = 0,
): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  const draws = layers.flatMap((outer, index) =>
    everyLayer([outer]).map(({ parameters }, inner) => {
      return { parameters, layer: first + index, inner };
    }),
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

/**
 * The values of variables as plain data, by name.
 * @param layoutOf in which a variable has its axes, if it is a matrix
 */
export function saveVariables(
  variables: ReadonlyMap<string, Variable>,
  layoutOf: (variable: Variable) => DenseKernels,
): TensorMap {
  return Object.fromEntries(
    [...variables].map(([name, variable]) => [name, readVariable(variable, layoutOf(variable))]),
  );
}

/** @throws LockstepError `data` when one of them is not there, or of another shape */
export function restoreVariables(
  variables: ReadonlyMap<string, Variable>,
  tensors: TensorMap,
  layoutOf: (variable: Variable) => DenseKernels,
): void {
  for (const [name, variable] of variables) {
    assignVariable(variable, name, tensors, layoutOf(variable));
  }
}

/** A parameter's values as plain data, in a checkpoint's layout, which later steps leave as they are. */
export function readVariable(variable: Tensor, layout: DenseKernels): TensorData {
  const turned = isTransposed(layout, variable.shape) ? tf.transpose(variable) : undefined;
  const { shape } = turned ?? variable;
  // Copied: some backends return a view of their own memory.
  const values = new Float32Array((turned ?? variable).dataSync());
  turned?.dispose();
  return { shape, values };
}

/** @throws LockstepError `data` when there is no such tensor, or one of another shape */
function assignVariable(
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
