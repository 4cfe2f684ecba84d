import { z } from 'zod';
import { LockstepError } from '../protocol/errors.js';
import { orList } from '../schema/fields.js';
import type { LayerDefaults, LayerKind } from './layers/kind.js';
import * as kinds from './layers/kinds.js';

type Kind = (typeof kinds)[keyof typeof kinds];

/** A layer as it is configured. */
export type LayerConfig = z.output<Kind['schema']>;

/** A layer with all its settings, independent of its variant. */
export type LayerSpec = ReturnType<Kind['resolve']>;
export type SpecOf<Name extends LayerSpec['kind']> = Extract<LayerSpec, { readonly kind: Name }>;

/** The facts that follow from a layer's kind; the kinds' types are checked where they are defined. */
type AnyKind = LayerKind<z.ZodType<LayerConfig>, LayerSpec>;
const byName = new Map(Object.values(kinds).map((kind) => [kind.kind, kind as unknown as AnyKind]));

export function kindOf({ kind }: { readonly kind: string }): AnyKind {
  const found = byName.get(kind as LayerSpec['kind']);
  if (found !== undefined) return found;
  throw new LockstepError(
    'bug',
    `expected a kind of layer (${orList([...byName.keys()])}), got ${kind}`,
  );
}

type Schemas = [Kind['schema'], ...Kind['schema'][]];

export const layerSchema = z
  .discriminatedUnion('kind', Object.values(kinds).map(({ schema }) => schema) as Schemas, {
    error: (issue) =>
      issue.note === undefined ? 'a map with a `kind`' : orList([...byName.keys()]),
  })
  .describe('One layer; `kind` says which.');

/**
 * Layers that know everything a variant says for them. The activation of the layer that gives the
 * logits, the last that weighs its inputs, is linear unless it says otherwise.
 */
export function resolveLayers(
  layers: readonly LayerConfig[],
  defaults: LayerDefaults,
): LayerSpec[] {
  const logits = layers.findLastIndex((layer) => kindOf(layer).weighs);
  return layers.map((layer, index) =>
    kindOf(layer).resolve(
      layer,
      index === logits ? { ...defaults, activation: 'linear' } : defaults,
    ),
  );
}
