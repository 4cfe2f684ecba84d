import type { OpenTask } from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import { buildNetwork, forward } from '../model/network.js';
import { buildObjective } from '../model/objective.js';
import { Optimizer } from '../model/optimizer.js';
import { createParameters, restoreVariables, saveVariables } from '../model/parameters.js';
import type { Model } from './model.js';
import { trainedByGradients } from './trained-by-gradients.js';

/** A network of Lockstep's layers. */
export function networkModel(engine: Engine, { network, seeds }: OpenTask): Model {
  const layout = engine.denseKernels;
  const variables = createParameters(network, seeds.init, layout);
  const steps = buildNetwork(network, variables);
  const optimizer = new Optimizer(engine, network.optimizer, variables);
  const saved = new Map([...variables, ...optimizer.variables]);
  const trainable = [...variables.values()].filter((variable) => variable.trainable);
  return {
    parameters: trainable.reduce((sum, { size }) => sum + size, 0),
    ...trainedByGradients({
      engine,
      variables,
      forward: (inputs, training) => forward(steps, { engine, inputs, training }),
      objective: buildObjective(engine, network.objective),
      optimizer,
      compile: true,
    }),
    save: () => saveVariables(saved, () => layout),
    restore: (tensors) => {
      restoreVariables(saved, tensors, () => layout);
    },
    dispose() {
      for (const variable of saved.values()) variable.dispose();
    },
  };
}
