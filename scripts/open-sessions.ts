import type { Config } from '../src/config/schema.js';
import { loadDataset } from '../src/data/load.js';
import { planNetwork } from '../src/model/network.js';
import { isNetwork } from '../src/model/variant.js';
import { planTrial, seedsOf } from '../src/trial/plan.js';
import { prepareBatches } from '../src/trial/prepare-batches.js';
import type { Engine } from '../workers/engines/engine.js';
import { Session } from '../workers/sessions/session.js';

/** Opens the built-in networks of a configuration's first trial in this thread, as its worker threads would. */
export async function openSessions(engine: Engine, config: Config) {
  const plan = planTrial({ config }, { index: 0, point: {}, seed: 1 });
  const { metrics, minibatchMetrics } = plan;
  const { minibatch, splits, scalings } = prepareBatches(plan, await loadDataset(config.data));
  const sessions = await Promise.all(
    plan.variants.filter(isNetwork).map(async (variant) => ({
      name: variant.name,
      session: await Session.open(engine, {
        ...{ sessionId: 'bench', engine: engine.name, variant, splits, metrics, minibatchMetrics },
        network: planNetwork(variant, splits.train.inputs.shape),
        seeds: seedsOf(plan, variant.name),
        scaling: scalings.get(variant.input),
      }),
    })),
  );
  return { sessions, minibatch, minibatchMetrics };
}
