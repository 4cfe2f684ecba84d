import { resolveLayers } from '../model/layers.js';
import { defaultObjective } from '../model/objectives.js';
import { optimizerSchema, overriddenOptimizer } from '../model/optimizers.js';
import type { VariantSpec } from '../model/variant.js';
import type { Config } from './schema.js';

/**
 * The specification of each variant, in the order of the configuration: its own settings over the
 * shared network and optimizer.
 */
export function variantSpecs(config: Config): VariantSpec[] {
  return Object.entries(config.variants).map(([name, variant]) => ({
    name,
    label: variant.label,
    ...(variant.legend !== undefined && { legend: variant.legend }),
    input: variant.input,
    updatesPerStep: config.data.batchSize / (variant.batchSize ?? config.data.batchSize),
    layers: resolveLayers((variant.network ?? config.network).layers, variant),
    optimizer: optimizerSchema.parse(
      overriddenOptimizer(config.training.optimizer, variant.optimizer),
    ),
    objective: config.training.objective ?? defaultObjective,
  }));
}
