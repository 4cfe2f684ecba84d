import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { LayerSpec } from '../../src/model/layers.js';
import type { NetworkPlan, PlannedLayer } from '../../src/protocol/index.js';
import { fuseConvMaxPool } from './fuse-conv-max-pool.js';
import * as ops from './layers/kinds.js';
import type { LayerOp, LayerTraining, NetworkPass, Step, TrainingPass } from './layers/op.js';

const opOf: { readonly [Kind in LayerSpec['kind']]: LayerOp<Kind> } = ops;

type Variables = ReadonlyMap<string, Variable>;

/** @param variables the parameters, by name */
export function buildNetwork(
  { layers }: Pick<NetworkPlan, 'layers'>,
  variables: Variables,
): readonly Step[] {
  return buildLayers(layers, variables);
}

function buildLayers(layers: readonly PlannedLayer[], variables: Variables): readonly Step[] {
  return fuseConvMaxPool(layers.map((layer) => buildLayer(layer, variables)));
}

function buildLayer(layer: PlannedLayer, variables: Variables): Step {
  const own = Object.fromEntries(
    layer.parameters.map(({ role, name }) => [role, variables.get(name)!]),
  );
  const spec = layer.spec as LayerSpec;
  const op = opOf[spec.kind] as LayerOp<LayerSpec['kind']>;
  const steps = buildLayers(layer.layers, variables);
  return {
    spec,
    own,
    run: (x, pass) =>
      op(x, spec, own, {
        ...pass,
        training: pass.training && trainingOf(layer, own, pass.training),
        inner: (input) => runSteps(steps, input, pass),
      }),
  };
}

function trainingOf(
  { stream }: PlannedLayer,
  own: Readonly<Record<string, Variable>>,
  training: TrainingPass,
): LayerTraining {
  return {
    uniform: (shape) => training.uniform(shape, stream!),
    update: (role, value) => {
      training.update(own[role]!, value);
    },
  };
}

/**
 * The network's logits.
 * @param network its steps
 * @returns `[batch, classes]` float32
 */
export function forward(network: readonly Step[], pass: NetworkPass): Tensor2D {
  return runSteps(network, pass.inputs, pass) as Tensor2D;
}

/** Layers one after the other. */
export function runSteps(steps: readonly Step[], x: Tensor, pass: NetworkPass): Tensor {
  return steps.reduce((values, step) => step.run(values, pass), x);
}
