import { layerSchema } from '../../model/layers.js';
import { list, map } from '../../schema/fields.js';

export const networkSchema = map({
  layers: list(layerSchema).describe('From the inputs to the logits, one layer an item.'),
});
