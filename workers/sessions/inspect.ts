import { tf } from '../tf.js';
import type { Rank } from '@tensorflow/tfjs-core';
import { LockstepError } from '../../src/protocol/index.js';
import type { InspectReply, InspectTask } from '../../src/protocol/index.js';
import { loadEngine } from '../engines/load.js';
import { loadModule } from '../modules/load-module.js';
import { isLacking } from '../modules/user-error.js';
import type { Batch } from './model.js';
import { moduleModel } from './module.js';
import { updateSeed, withoutOutputs } from './session.js';

/** Enough for a batch axis that is not taken for another. */
const examples = 2;

/**
 * Tries a module out: loads it, checks the variant's options and, unless that is all, makes its network, an update and
 * an evaluation of two examples of zeros.
 * @throws LockstepError as `moduleModel`
 */
export async function inspectModule(task: InspectTask): Promise<InspectReply> {
  const { module, variant } = task;
  if (task.loadOnly) {
    await loadModule({ variant: variant.name, path: module.path }, module.options);
    return {};
  }
  const model = await moduleModel(await loadEngine(task.engine), task);
  try {
    tf.tidy(() => {
      const seed = updateSeed(task.seeds.dropout, 1);
      const trained = model.train(zeros(task), { update: 1, learningRate: undefined, seed });
      const measured = model.measure(zeros(task));
      for (const { loss, outputs } of [trained, measured]) {
        loss.dataSync();
        if (outputs === undefined && task.metrics.length > 1) throw withoutOutputs(variant.name);
      }
    });
  } catch (error) {
    const isElsewhere = error instanceof LockstepError && isLacking(error.message);
    if (!isElsewhere || task.strict) throw error;
  } finally {
    model.dispose();
  }
  return { parameters: model.parameters };
}

function zeros({ network: { input, outputs, objective } }: InspectTask): Batch {
  return {
    inputs: tf.zeros<Rank>([examples, ...input]),
    targets:
      objective.targets === 'classes'
        ? tf.zeros([examples], 'int32')
        : tf.zeros([examples, outputs]),
  };
}
