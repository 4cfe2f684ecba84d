import { tf } from '../tf.js';
import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { planSlot } from '../../src/protocol/index.js';
import type { OpenTask, TensorMap } from '../../src/protocol/index.js';
import type { DenseKernels, Engine } from '../engines/engine.js';
import { completeGradients } from '../engines/complete.js';
import { buildObjective } from '../model/objective.js';
import { Optimizer } from '../model/optimizer.js';
import { readVariable, restoreVariables, saveVariables } from '../model/parameters.js';
import { loadModule } from '../modules/load-module.js';
import { ModulePass, requireStream } from '../modules/pass.js';
import { moduleSetup } from '../modules/setup.js';
import type { ModuleTrial } from '../modules/setup.js';
import { awaitModule, inModule, wrongModule } from '../modules/user-error.js';
import type { Owner } from '../modules/user-error.js';
import type { CustomVariant, ForwardVariant, ModuleVariant } from '../modules/variant-module.js';
import type { Measured, Model } from './model.js';
import { trainedByGradients, trainingPass } from './trained-by-gradients.js';

/** What {@link moduleModel} needs of a task. */
export type ModuleModelTask = ModuleTrial & Pick<OpenTask, 'variant'>;

/**
 * The network that a module of the user's makes.
 * @throws LockstepError `usage` or `module`, naming the file and line, when the module cannot be used
 */
export async function moduleModel(engine: Engine, task: ModuleModelTask): Promise<Model> {
  const owner = { variant: task.variant.name, path: task.module.path };
  const loaded = await loadModule(owner, task.module.options);
  await completeGradients(engine);
  const own = new Set<Variable>();
  const setup = moduleSetup(engine, task, loaded.options, own);
  const made: unknown = await awaitModule(owner, () => loaded.module.create(setup));
  const network = requireNetwork(owner, made);
  const variables = new Map(Object.entries(network.variables));
  const context = { engine, task, owner, variables, own };
  return 'forward' in network ? forwardModel(network, context) : customModel(network, context);
}

interface Context {
  readonly engine: Engine;
  readonly task: ModuleModelTask;
  readonly owner: Owner;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Those whose axes are the engine's. */
  readonly own: ReadonlySet<Variable>;
}

function forwardModel(network: ForwardVariant, context: Context): Model {
  const { engine, task, owner, variables, own } = context;
  const trainable = [...variables].filter(([, variable]) => variable.trainable);
  if (trainable.length === 0) throw wrongModule(owner, 'expected trainable variables, got none');
  const slots = task.module.slots.flatMap((role) =>
    trainable.map(([name, { shape }]) => planSlot(role, { name, shape })),
  );
  const optimizer = new Optimizer(engine, { ...task.network.optimizer, slots }, variables);
  // What is kept for a variable has its axes.
  const layouts = new Set(own);
  for (const { name, parameter } of slots) {
    if (own.has(variables.get(parameter)!)) layouts.add(optimizer.variables.get(name)!);
  }
  const saved = new Map([...variables, ...optimizer.variables]);
  const layoutOf = layoutIn(engine, layouts);
  const objective =
    network.loss === undefined
      ? buildObjective(engine, task.network.objective)
      : (outputs: Tensor2D, targets: Tensor) =>
          scalarOf(owner, 'loss', network.loss!(outputs, targets));
  const gradients = trainedByGradients({
    engine,
    variables,
    forward: (inputs, training) => {
      const pass = new ModulePass(engine, inputs, training);
      const outputs = network.forward(inputs, pass);
      return requireOutputs(context, 'forward', outputs, inputs);
    },
    objective,
    optimizer,
    compile: network.compile === true,
  });
  return {
    parameters: countOf(trainable),
    train: (batch, update) => inModule(owner, () => gradients.train(batch, update)),
    measure: (batch) => inModule(owner, () => gradients.measure(batch)),
    save: () => saveVariables(saved, layoutOf),
    restore: (tensors) => {
      restoreVariables(saved, tensors, layoutOf);
    },
    dispose: () => {
      tf.dispose([...saved.values()]);
    },
  };
}

function customModel(network: CustomVariant, context: Context): Model {
  const { engine, task, owner, variables, own } = context;
  const layoutOf = layoutIn(engine, own);
  const measuredBy = (
    name: 'trainStep' | 'evaluate',
    inputs: Tensor,
    result: unknown,
  ): Measured => {
    const { loss, outputs } = (result ?? {}) as { loss?: unknown; outputs?: unknown };
    return {
      loss: scalarOf(owner, `${name}: loss`, loss),
      outputs:
        outputs === undefined
          ? undefined
          : requireOutputs(context, `${name}: outputs`, outputs, inputs),
    };
  };
  return {
    parameters: countOf([...variables].filter(([, variable]) => variable.trainable)),
    train: (batch, { update, learningRate, seed }) =>
      inModule(owner, () => {
        const pass = trainingPass(engine, seed, []);
        const result = network.trainStep(batch, {
          update,
          learningRate: learningRate ?? task.network.optimizer.spec.learningRate,
          uniform: (shape, stream) => {
            requireStream(stream);
            return pass.uniform(shape, stream);
          },
        });
        return measuredBy('trainStep', batch.inputs, result);
      }),
    measure: (batch) =>
      inModule(owner, () => measuredBy('evaluate', batch.inputs, network.evaluate(batch))),
    async save() {
      const tensors = saveVariables(variables, layoutOf);
      if (network.save === undefined) return tensors;
      const others = await awaitModule(owner, () => network.save!());
      const taken = Object.keys(others).find((name) => variables.has(name));
      if (taken !== undefined) {
        throw wrongModule(owner, `save: expected names of no variable, got ${taken}`);
      }
      return { ...tensors, ...valuesOf(owner, others) };
    },
    async restore(tensors) {
      restoreVariables(variables, tensors, layoutOf);
      if (network.restore === undefined) return;
      const others = Object.entries(tensors).filter(([name]) => !variables.has(name));
      const given = Object.fromEntries(
        others.map(([name, { shape, values }]) => [
          name,
          tf.tensor(new Float32Array(values), [...shape]),
        ]),
      );
      await awaitModule(owner, () => network.restore!(given));
    },
    dispose: () => {
      tf.dispose([...variables.values()]);
    },
  };
}

function valuesOf(owner: Owner, tensors: Readonly<Record<string, unknown>>): TensorMap {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      if (isTensor(tensor) && tensor.dtype === 'float32') {
        return [name, readVariable(tensor, 'in, out')];
      }
      throw wrongModule(owner, `save: expected float32 tensors, got ${shown(tensor)} as ${name}`);
    }),
  );
}

function layoutIn(engine: Engine, own: ReadonlySet<Variable>) {
  return (variable: Variable): DenseKernels =>
    own.has(variable) ? engine.denseKernels : 'in, out';
}

function countOf(variables: readonly (readonly [string, Variable])[]): number {
  return variables.reduce((sum, [, { size }]) => sum + size, 0);
}

function requireNetwork(owner: Owner, made: unknown): ModuleVariant {
  const network = made as Partial<ForwardVariant & CustomVariant> | null | undefined;
  const hasForward = typeof network?.forward === 'function';
  const hasSteps =
    typeof network?.trainStep === 'function' && typeof network.evaluate === 'function';
  if (hasForward === hasSteps) {
    throw wrongModule(
      owner,
      `create: expected either forward, or trainStep and evaluate, got ${hasForward ? 'both' : 'neither'}`,
    );
  }
  if (typeof network?.variables !== 'object') {
    throw wrongModule(owner, 'create: expected variables by name, got none');
  }
  for (const [name, variable] of Object.entries(network.variables)) {
    if (variable instanceof tf.Variable && variable.dtype === 'float32') continue;
    throw wrongModule(
      owner,
      `create: expected float32 variables, as tf.variable makes them, got ${shown(variable)} as ${name}`,
    );
  }
  return network as ModuleVariant;
}

function scalarOf(owner: Owner, what: string, value: unknown): Scalar {
  if (isTensor(value) && value.size === 1) return tf.reshape(value, []);
  throw wrongModule(owner, `${what}: expected one number as a tensor, got ${shown(value)}`);
}

function requireOutputs(
  { owner, task }: Context,
  what: string,
  value: unknown,
  inputs: Tensor,
): Tensor2D {
  const shape = [inputs.shape[0], task.network.outputs];
  if (isTensor(value) && value.shape.join() === shape.join()) return value as Tensor2D;
  throw wrongModule(
    owner,
    `${what}: expected a tensor of shape [${shape.join(', ')}], got ${shown(value)}`,
  );
}

function isTensor(value: unknown): value is Tensor {
  return value instanceof tf.Tensor;
}

function shown(value: unknown): string {
  if (isTensor(value)) return `${value.dtype} of shape [${value.shape.join(', ')}]`;
  if (value instanceof Promise) return 'a promise';
  return value === null || value === undefined ? 'none' : `a value of type ${typeof value}`;
}
