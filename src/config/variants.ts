import { resolveLayers } from '../model/layers.js';
import { defaultObjective } from '../model/objectives.js';
import { optimizerSchema, overriddenOptimizer } from '../model/optimizers.js';
import { isNetwork } from '../model/variant.js';
import type { NetworkVariant, VariantSpec } from '../model/variant.js';
import type { Config } from './schema.js';

/**
 * The specification of each variant, in the order of the configuration: its own settings over the
 * shared network and optimizer.
 */
export function variantSpecs(config: Config): VariantSpec[] {
  return Object.entries(config.variants).map(([name, variant]): VariantSpec => {
    const common = commonSettings(config, name);
    const { program: command, module, options = {}, feed = 'positions', timeout = 600 } = variant;
    if (command !== undefined) return { ...common, program: { command, options, feed, timeout } };
    if (module !== undefined) return { ...common, module: { path: module, options } };
    // The schema requires both of a variant with a built-in network.
    const { activation = 'linear', init = 'he', dropout } = variant;
    const defaults = { activation, init, dropout };
    return {
      ...common,
      layers: resolveLayers((variant.network ?? config.network).layers, defaults),
    };
  });
}

function commonSettings(config: Config, name: string) {
  const variant = config.variants[name]!;
  return {
    name,
    label: variant.label,
    ...(variant.legend !== undefined && { legend: variant.legend }),
    input: variant.input,
    updatesPerStep: config.data.batchSize / (variant.batchSize ?? config.data.batchSize),
    optimizer: optimizerSchema.parse(
      overriddenOptimizer(config.training.optimizer, variant.optimizer),
    ),
    objective: config.training.objective ?? defaultObjective,
  };
}

/** Those of {@link variantSpecs} that have a network of Lockstep's layers. */
export function networkVariants(config: Config): NetworkVariant[] {
  return variantSpecs(config).filter(isNetwork);
}
