import { z } from 'zod';
import type { Variable } from '@tensorflow/tfjs-core';
import { activationSchema, initializerSchema } from '../../src/model/layers/fields.js';
import { layerSchema, resolveLayers } from '../../src/model/layers.js';
import { planBlock } from '../../src/model/network.js';
import { everyLayer } from '../../src/protocol/index.js';
import type { OpenTask } from '../../src/protocol/index.js';
import { fraction, list, map, oneOf } from '../../src/schema/fields.js';
import { dropoutMethods } from '../../src/model/layers/kind.js';
import type { Engine } from '../engines/engine.js';
import { buildNetwork } from '../model/network.js';
import { runSteps } from '../model/network.js';
import { createParameters } from '../model/parameters.js';
import { ModulePass } from './pass.js';
import type { Block } from './variant-module.js';

const blockSchema = map({
  layers: list(layerSchema),
  inputShape: z.array(z.int().gte(1)),
  activation: activationSchema.default('linear'),
  init: initializerSchema.default('he'),
  dropout: map({
    kind: oneOf(dropoutMethods).default('standard'),
    rate: fraction().default(0),
  }).prefault({}),
  givesLogits: z.boolean().default(true),
});

/** How many layers, and random streams, of a module's network are taken. */
export interface Taken {
  layer: number;
  stream: number;
}

/** What blocks of one module share. */
export interface BlockContext {
  readonly engine: Engine;
  readonly seeds: OpenTask['seeds'];
  /** Goes on with each block. */
  readonly taken: Taken;
  /** Gets the variables whose axes are the engine's. */
  readonly own: Set<Variable>;
}

/** Layers of Lockstep's for a module. @throws Error naming the layer and its setting at fault */
export function createBlock(
  { engine, seeds, taken, own }: BlockContext,
  settings: Readonly<Record<'layers' | 'inputShape', unknown>>,
): Block {
  const parsed = blockSchema.safeParse(settings);
  if (!parsed.success) throw new TypeError(parsed.error.issues.map(issueText).join('; '));
  const { layers, inputShape, givesLogits, ...defaults } = parsed.data;
  const planned = planBlock(resolveLayers(layers, defaults, givesLogits), inputShape, taken);
  const variables = createParameters(
    { layers: planned },
    seeds.init,
    engine.denseKernels,
    taken.layer,
  );
  taken.layer += planned.length;
  taken.stream += everyLayer(planned).filter(({ stream }) => stream !== undefined).length;
  for (const variable of variables.values()) own.add(variable);
  const steps = buildNetwork({ layers: planned }, variables);
  return {
    variables: Object.fromEntries(variables),
    outputShape: planned.at(-1)?.output ?? inputShape,
    forward: (x, pass) => runSteps(steps, x, ModulePass.networkOf(pass)),
  };
}

function issueText({ path, message, code }: z.core.$ZodIssue): string {
  const expected =
    code === 'unrecognized_keys' ? `one of ${message.replaceAll(' ', ', ')}` : message;
  return `${path.join('.')}: expected ${expected}`;
}
