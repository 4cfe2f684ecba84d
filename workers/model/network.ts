import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { LayerSpec } from '../../src/model/layers.js';
import type { NetworkPlan } from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import { fuseConvMaxPool } from './fuse-conv-max-pool.js';
import * as ops from './layers/kinds.js';
import type { LayerOp, Step } from './layers/op.js';

const opOf: { readonly [Kind in LayerSpec['kind']]: LayerOp<Kind> } = ops;

/** @param variables the parameters, by name */
export function buildNetwork(
  { layers }: NetworkPlan,
  variables: ReadonlyMap<string, Variable>,
): readonly Step[] {
  const steps = layers.map(({ spec, parameters, stream }): Step => {
    const own = Object.fromEntries(
      parameters.map(({ role, name }) => [role, variables.get(name)!]),
    );
    const settings = spec as LayerSpec;
    const op = opOf[settings.kind] as LayerOp<LayerSpec['kind']>;
    return { spec: settings, own, stream, run: (x, pass) => op(x, settings, own, pass) };
  });
  return fuseConvMaxPool(steps);
}

export interface ForwardOptions {
  readonly engine: Engine;
  /** Values in [0, 1) from a random stream of the training step; absent in inference. */
  readonly uniform?: ((shape: readonly number[], stream: number) => Tensor) | undefined;
}

/**
 * The network's logits.
 * @param inputs `[batch, ...shape of an example]` float32
 * @returns `[batch, classes]` float32
 */
export function forward(
  inputs: Tensor,
  network: readonly Step[],
  { engine, uniform }: ForwardOptions,
): Tensor2D {
  let x = inputs;
  for (const step of network) {
    const { stream } = step;
    const own =
      uniform === undefined || stream === undefined
        ? undefined
        : (shape: readonly number[]) => uniform(shape, stream);
    x = step.run(x, { engine, inputs, uniform: own });
  }
  return x as Tensor2D;
}
