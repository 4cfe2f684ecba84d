import type { Config } from '../config/schema.js';
import { networkVariants } from '../config/variants.js';
import { innerLayers, kindOf } from '../model/layers.js';
import type { LayerSpec } from '../model/layers.js';

/** Whether any variant drops units at any point. */
export function dropsUnits(configs: readonly Config[]): boolean {
  return configs.some((config) =>
    networkVariants(config).some(({ layers }) => layers.some(drawsInTraining)),
  );
}

function drawsInTraining(spec: LayerSpec): boolean {
  const draws = kindOf(spec).draws === true && !('rate' in spec && spec.rate === 0);
  return draws || innerLayers(spec).some(drawsInTraining);
}
