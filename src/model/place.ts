import type { PlannedLayer } from '../protocol/network-plan.js';
import { innerLayers, kindOf } from './layers.js';
import type { LayerSpec } from './layers.js';

/** Where a layer is written in a configuration. */
export interface Place {
  /** For instance `['network', 'layers', 3, 'layers', 0]`. */
  readonly path: readonly PropertyKey[];
  /** For messages, for instance `network.layers.3.layers.0 (conv2d, repetition 2 of 3)`. */
  readonly text: string;
}

/**
 * Where a layer of a plan is written. A plan counts the layers of a repetition on; a configuration has
 * them once.
 * @param layers the network's
 * @param path of the layer in the plan
 * @param below the setting that is meant, if it is not the whole layer
 */
export function placeOf(
  layers: readonly LayerSpec[],
  path: PlannedLayer['path'],
  below: readonly PropertyKey[] = [],
): Place {
  const written: PropertyKey[] = ['network'];
  const notes: string[] = [];
  let siblings = layers;
  let layer: LayerSpec | undefined;
  for (const position of path.filter((key) => typeof key === 'number')) {
    const repetition = layer && kindOf(layer).repetition?.(layer, position);
    if (repetition !== undefined) {
      const { time, times } = repetition;
      notes.push(`${notes.length > 0 ? 'in it ' : ''}repetition ${time} of ${times}`);
    }
    written.push('layers', repetition?.index ?? position);
    layer = siblings[position];
    siblings = layer ? innerLayers(layer) : [];
  }
  const at = [...written, ...below];
  return { path: at, text: `${at.join('.')} (${[layer?.kind, ...notes].join(', ')})` };
}
