import { tf } from '../tf.js';
import type { Variable } from '@tensorflow/tfjs-core';
import { drawn } from '../../src/model/initializers.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import type { ModuleTask, OpenTask, Shape } from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import { drawWeights } from '../model/draw-weights.js';
import type { Taken } from './block.js';
import { requireStream } from './pass.js';
import type { ModuleRandom, ModuleSetup } from './variant-module.js';

/** What decides a module's network. */
export type ModuleTrial = Pick<OpenTask, 'network' | 'seeds'> & { readonly module: ModuleTask };

/**
 * What a module makes its network from.
 * @param options as its schema gave them
 * @param own gets the variables whose axes are the engine's
 */
export function moduleSetup(
  engine: Engine,
  { network, seeds, module }: ModuleTrial,
  options: unknown,
  own: Set<Variable>,
): ModuleSetup<unknown> {
  const taken: Taken = { layer: 0, stream: 0 };
  const { input, outputs, objective, optimizer } = network;
  return {
    tf,
    engine: engine.name,
    options,
    inputShape: input,
    targets: objective.targets,
    outputs,
    batchSize: module.batchSize,
    steps: module.steps,
    optimizer: optimizer.spec as OptimizerSpec,
    random: randomOf(seeds, taken),
    async layers(layers, settings = {}) {
      // Here, as nothing later knows who called.
      const failure = new TypeError();
      const { createBlock } = await import('./block.js');
      try {
        const all = { inputShape: input, ...settings, layers };
        return createBlock({ engine, seeds, taken, own }, all);
      } catch (cause) {
        failure.message = cause instanceof Error ? cause.message : String(cause);
        failure.cause = cause;
        throw failure;
      }
    },
  };
}

function randomOf({ init, dropout }: OpenTask['seeds'], taken: Taken): ModuleRandom {
  return {
    seeds: { init, dropout },
    weights(shape, initializer, position) {
      const values = drawn(initializer, fansOf(shape));
      const layer = position ?? taken.layer++;
      const weights =
        typeof values === 'string'
          ? new Float32Array(shape.reduce((product, length) => product * length, 1))
          : drawWeights(shape, values, { seed: init, layer, inner: 0, tensor: 0 });
      return tf.tensor(weights, [...shape]);
    },
    stream() {
      requireStream(taken.stream);
      return taken.stream++;
    },
  };
}

/** As Keras counts them. */
function fansOf(shape: Shape) {
  const [inputs = 1, outputs = inputs] = shape.slice(-2);
  const field = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return { fanIn: field * inputs, fanOut: field * outputs };
}
