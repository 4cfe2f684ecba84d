import { tf } from '../tf.js';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Engine } from '../engines/engine.js';
import type { TrainingPass } from '../model/layers/op.js';
import type { Objective } from '../model/objective.js';
import type { Optimizer, Rates } from '../model/optimizer.js';
import type { Measured, Model } from './model.js';

/** A network that an optimizer of Lockstep's trains. */
export interface Differentiable {
  readonly engine: Engine;
  /** By name: trainable or not. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** Differentiable with respect to the trainable variables. @param training absent in inference */
  readonly forward: (inputs: Tensor, training?: TrainingPass) => Tensor2D;
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  /** Whether updates and evaluations are prepared once for each shape of minibatch. */
  readonly compile: boolean;
}

/** {@link Model}'s updates and evaluations: gradients of the objective, which the optimizer descends. */
export function trainedByGradients(network: Differentiable): Pick<Model, 'train' | 'measure'> {
  const { engine, variables, optimizer, compile } = network;
  const parameters = [...variables.values()];
  const state = [...parameters, ...optimizer.variables.values()];
  const train = (inputs: readonly Tensor[]) => tf.tidy(() => trainOnce(network, inputs));
  const measure = (inputs: readonly Tensor[]) => tf.tidy(() => measureOnce(network, inputs));
  const compiled = compile
    ? { train: engine.compile(state, train), measure: engine.compile(parameters, measure) }
    : { train, measure };
  return {
    train({ inputs, targets }, { update, learningRate, seed }) {
      const rates = optimizer.rates(update, learningRate);
      return measured(compiled.train([inputs, targets, seed, ...rates]));
    },
    measure: ({ inputs, targets }) => measured(compiled.measure([inputs, targets])),
  };
}

function measured([loss, outputs]: readonly Tensor[]): Measured {
  return { loss: loss as Scalar, outputs: outputs as Tensor2D };
}

/** An update of everything. */
function trainOnce(network: Differentiable, [inputs, targets, seed, ...rates]: readonly Tensor[]) {
  const { variables, forward, objective, optimizer } = network;
  // Kept past the gradients, which dispose of all that was made for them.
  let outputs: Tensor2D | undefined;
  const updates: [Variable, Tensor][] = [];
  const lossOf = (): Scalar => {
    const pass = trainingPass(network.engine, seed as Tensor1D, updates);
    outputs = tf.keep(forward(inputs!, pass));
    return objective(outputs, targets!);
  };
  try {
    const trainable = [...variables].filter(([, variable]) => variable.trainable);
    const { value, grads } = tf.variableGrads(
      lossOf,
      trainable.map(([, variable]) => variable),
    );
    const gradients = trainable.map(([name, variable]) => {
      const gradient = grads[variable.name];
      if (gradient !== undefined) return [name, gradient] as const;
      throw new TypeError(
        `expected a loss that depends on every trainable variable, got none that depends on ${name}`,
      );
    });
    optimizer.update(new Map(gradients), rates as unknown as Rates);
    for (const [variable, replaced] of updates) variable.assign(replaced);
    return [value, tf.clone(outputs!)];
  } finally {
    tf.dispose([...(outputs ? [outputs] : []), ...updates.map(([, replaced]) => replaced)]);
  }
}

function measureOnce({ forward, objective }: Differentiable, [inputs, targets]: readonly Tensor[]) {
  const outputs = forward(inputs!);
  return [objective(outputs, targets!), outputs];
}

/**
 * @param seed of the update's first random stream
 * @param updates gets the variables that layers replace themselves, with their values
 */
export function trainingPass(
  engine: Engine,
  seed: Tensor1D,
  updates: [Variable, Tensor][],
): TrainingPass {
  return {
    uniform: (shape, stream) => {
      const own = tf.add<Tensor1D>(seed, tf.tensor1d([0, stream], 'int32'));
      return engine.statelessUniform(shape, own);
    },
    update: (variable, value) => updates.push([variable, tf.keep(value)]),
  };
}
