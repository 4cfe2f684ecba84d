import type { VariantSpec } from '../protocol/index.js';
import type { Config } from './schema.js';

/**
 * What each variant is built from, in the order of the configuration: its own settings over the
 * shared network and optimizer.
 */
export function variantSpecs(config: Config): VariantSpec[] {
  return Object.entries(config.variants).map(([name, variant]) => ({
    name,
    label: variant.label,
    ...(variant.legend !== undefined && { legend: variant.legend }),
    input: variant.input,
    activation: variant.activation,
    init: variant.init,
    dropout: variant.dropout,
    layers: (variant.network ?? config.network).layers,
    optimizer: { ...config.training.optimizer, ...variant.optimizer },
  }));
}
