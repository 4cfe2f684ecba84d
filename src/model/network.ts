import { LockstepError } from '../protocol/errors.js';
import { everyLayer, planSlot, streamsPerStep } from '../protocol/network-plan.js';
import type {
  NetworkPlan,
  PlannedLayer,
  PlannedParameter,
  Shape,
} from '../protocol/network-plan.js';
import { innerLayers, kindOf } from './layers.js';
import type { LayerSpec } from './layers.js';
import { sizeOf } from './layers/shapes.js';
import { targetsOf } from './objectives.js';
import type { ObjectiveSpec } from './objectives.js';
import { decouplesDecay, slotsOf } from './optimizers.js';
import type { OptimizerSpec } from './optimizers.js';
import { placeOf } from './place.js';

/** What {@link planNetwork} needs of a variant. */
export interface Trained {
  readonly layers: readonly LayerSpec[];
  readonly optimizer: OptimizerSpec;
  readonly objective: ObjectiveSpec;
}

/**
 * Shapes, parameters and optimizer state of a network for examples of one shape.
 * @throws LockstepError `usage` naming the first layer, by index and kind, that does not fit
 */
export function planNetwork({ layers, optimizer, objective }: Trained, input: Shape): NetworkPlan {
  const planned = planBlock(layers, input);
  return {
    ...planModule({ optimizer, objective }, input, outputsOf(planned)),
    layers: planned,
    optimizer: planOptimizer(
      optimizer,
      everyLayer(planned).flatMap((layer) => layer.parameters),
    ),
  };
}

/** What is known of a network that a module makes. */
export function planModule(
  { optimizer, objective }: Omit<Trained, 'layers'>,
  input: Shape,
  outputs: number,
): NetworkPlan {
  return {
    input,
    layers: [],
    outputs,
    objective: { spec: objective, targets: targetsOf(objective) },
    optimizer: planOptimizer(optimizer, []),
  };
}

function planOptimizer(
  optimizer: OptimizerSpec,
  parameters: readonly Pick<PlannedParameter, 'name' | 'shape' | 'trainable'>[],
): NetworkPlan['optimizer'] {
  const trainable = parameters.filter((parameter) => parameter.trainable);
  return {
    spec: optimizer,
    slots: slotsOf(optimizer).flatMap((role) => trainable.map((one) => planSlot(role, one))),
    decouplesDecay: decouplesDecay(optimizer),
  };
}

/**
 * Layers one after the other.
 * @param from how many layers, and random streams, of their network are before them
 * @throws LockstepError `usage` as {@link planNetwork}
 */
export function planBlock(
  layers: readonly LayerSpec[],
  input: Shape,
  from = { layer: 0, stream: 0 },
): PlannedLayer[] {
  const streams = createStreams(from.stream);
  const planned = planLayers(layers, ['layers'], input, { layers, streams });
  return from.layer === 0 ? planned : planned.map((layer) => movedBy(from.layer, layer));
}

function movedBy(positions: number, layer: PlannedLayer): PlannedLayer {
  const [list, index, ...inner] = layer.path;
  const path = [list!, Number(index) + positions, ...inner];
  return {
    ...layer,
    path,
    parameters: layer.parameters.map((parameter) => {
      return { ...parameter, name: [...path, parameter.role].join('.') };
    }),
    layers: layer.layers.map((one) => movedBy(positions, one)),
  };
}

/** How many numbers the network learns. */
export function parameterCount({ layers }: NetworkPlan): number {
  return everyLayer(layers)
    .flatMap(({ parameters }) => parameters)
    .reduce((sum, { trainable, shape }) => sum + (trainable ? sizeOf(shape) : 0), 0);
}

/** Shapes of what a checkpoint holds, by name. */
export function checkpointShapes({ layers, optimizer }: NetworkPlan): Record<string, Shape> {
  const tensors = [
    ...everyLayer(layers).flatMap(({ parameters }) => parameters),
    ...optimizer.slots,
  ];
  return Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]));
}

type Path = PlannedLayer['path'];

function planLayers(
  layers: readonly LayerSpec[],
  at: Path,
  firstInput: Shape,
  network: Network,
): PlannedLayer[] {
  let input = firstInput;
  return layers.map((spec, index) => {
    const layer = planLayer(spec, [...at, index], input, network);
    input = layer.output;
    return layer;
  });
}

function planLayer(spec: LayerSpec, path: Path, input: Shape, network: Network): PlannedLayer {
  const kind = kindOf(spec);
  const layers = planLayers(innerLayers(spec), [...path, 'layers'], input, network);
  return atLayer(network.layers, path, () => {
    const { output, parameters, flops } = kind.infer(spec, input, layers.at(-1)?.output ?? input);
    return {
      path,
      spec,
      input,
      output,
      parameters: parameters.map(({ name: role, ...parameter }) => {
        return { name: [...path, role].join('.'), role, ...parameter };
      }),
      flops,
      ...(kind.draws === true && { stream: network.streams.next() }),
      layers,
    };
  });
}

/** What its layers are planned with. */
interface Network {
  readonly layers: readonly LayerSpec[];
  readonly streams: Streams;
}

interface Streams {
  /** @throws LockstepError `usage` when a step has no more */
  next(): number;
}

/** Those of a step, for the layers that draw, in their order. */
function createStreams(first: number): Streams {
  let streams = first;
  return {
    next() {
      if (streams < streamsPerStep) return streams++;
      throw new LockstepError(
        'usage',
        `expected at most ${streamsPerStep} layers that draw random numbers, got one more`,
        { hint: 'A step has a random stream for each of so many; leave some of these layers out.' },
      );
    },
  };
}

function outputsOf(layers: readonly PlannedLayer[]): number {
  const output = layers.at(-1)?.output ?? [];
  const [outputs] = output;
  if (outputs !== undefined && output.length === 1) return outputs;
  throw new LockstepError(
    'usage',
    `network.layers: expected the last layer to give one axis [outputs], got [${output.join(', ')}]`,
    {
      hint: 'End the network with {kind: dense, units: <number of classes, or of targets>}.',
      path: ['network', 'layers', layers.length - 1],
    },
  );
}

/** Runs a check of one layer, whose error it says. */
function atLayer<Value>(layers: readonly LayerSpec[], at: Path, check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const { path, text } = placeOf(layers, at, error.path);
    throw new LockstepError(error.code, `${text}: ${error.message}`, {
      hint: error.hint,
      path,
      cause: error,
    });
  }
}
