import { tf } from '../tf.js';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../src/model/network.js';
import { LockstepError } from '../../src/protocol/index.js';
import type { InitializerName, TensorData, TensorMap } from '../../src/protocol/index.js';
import type { DenseKernels } from '../engines/engine.js';
import { drawWeights } from './initial-weights.js';
import type { LayerWeights } from './network.js';

export interface Parameters {
  /** By name (`layers.0.kernel`, `layers.0.bias`), in the network's order. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The same variables by position of their layer in the network. */
  readonly weights: ReadonlyMap<number, LayerWeights>;
}

/**
 * The network's trainable parameters as they are before the first step: drawn kernels, biases of 0.
 * @param seed int32 seed of the variant's `init` stream
 * @param layout how the engine keeps the kernels of dense layers
 */
export function createParameters(
  shapes: readonly LayerShape[],
  initializer: InitializerName,
  seed: number,
  layout: DenseKernels,
): Parameters {
  const variables = new Map<string, Variable>();
  const weights = new Map<number, LayerWeights>();
  shapes.forEach(({ kernelShape, fanIn, fanOut }, layer) => {
    if (kernelShape === undefined || fanIn === undefined || fanOut === undefined) return;
    const size = kernelShape.reduce((product, length) => product * length, 1);
    const draw = { initializer, fanIn, fanOut, seed, layer };
    const drawn = { shape: kernelShape, values: drawWeights(size, draw) };
    const kernel = createVariable(tensorIn(layout, drawn));
    const bias = createVariable(tf.zeros([kernelShape.at(-1)!]));
    variables.set(`layers.${layer}.kernel`, kernel);
    variables.set(`layers.${layer}.bias`, bias);
    weights.set(layer, { kernel, bias });
  });
  return { variables, weights };
}

/** A parameter's values as plain data, in a checkpoint's layout, which later steps leave as they are. */
export function readVariable(variable: Variable, layout: DenseKernels): TensorData {
  const turned = isTransposed(layout, variable.shape) ? tf.transpose(variable) : undefined;
  const { shape } = turned ?? variable;
  // Copied: some backends answer a view of their own memory.
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
function createVariable(initial: Tensor): Variable {
  const created = tf.variable(initial);
  initial.dispose();
  return created;
}
