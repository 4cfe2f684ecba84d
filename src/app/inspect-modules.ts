import { moduleVariants } from '../config/module-files.js';
import type { Config } from '../config/schema.js';
import type { Dataset } from '../data/dataset.js';
import { splitTraining } from '../data/splits/split-training.js';
import { measuredMetrics } from '../metrics/registry.js';
import { withClassWeights } from '../model/class-weights.js';
import type { EngineName } from '../protocol/index.js';
import { planVariant } from '../run/check-config.js';
import { configInSteps } from '../run/config-in-steps.js';

/**
 * Tries out the modules of a configuration's variants, so that nothing starts that could not finish: at a sweep's
 * first point as far as an update, at all others as far as their options.
 * @param engine that they are to be trained on
 * @returns how many numbers each learns at the first point, by variant
 * @throws LockstepError `usage` or `module` naming the file and line of what is wrong
 */
export async function inspectModules(
  config: Config,
  dataset: Dataset,
  engine: EngineName,
): Promise<ReadonlyMap<string, number>> {
  const parameters = new Map<string, number>();
  const variants = moduleVariants(config);
  if (variants.length === 0) return parameters;
  const [{ startModuleInspector }, { moduleTask }] = await Promise.all([
    import('../variants/inspect-module.js'),
    import('../variants/thread-backend.js'),
  ]);
  const { training, evaluation, data } = configInSteps(config, dataset.train.count);
  const circumstances = { steps: training.steps, batchSize: data.batchSize };
  const { train } = splitTraining(dataset, data);
  const inspector = startModuleInspector();
  try {
    for (const variant of variants) {
      const { name, updatesPerStep } = variant;
      const reply = await inspector.inspect({
        variant: { name, updatesPerStep },
        network: withClassWeights(planVariant(variant, dataset), train).network,
        module: moduleTask(variant, circumstances),
        seeds: { init: 0, dropout: 0 },
        metrics: measuredMetrics(evaluation),
        loadOnly: parameters.has(name),
        strict: engine === 'wasm',
      });
      if (reply.parameters !== undefined) parameters.set(name, reply.parameters);
    }
  } finally {
    await inspector.dispose();
  }
  return parameters;
}
