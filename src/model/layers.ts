import { z } from 'zod';
import { LockstepError } from '../protocol/errors.js';
import { list, orList } from '../schema/fields.js';
import type { InnerLayers, LayerDefaults, LayerKind } from './layers/kind.js';
import * as kinds from './layers/kinds.js';

type Exported = (typeof kinds)[keyof typeof kinds];
type Kind = Exported extends infer One
  ? One extends (inner: InnerLayers) => infer Outer
    ? Outer
    : One
  : never;

/** A layer as it is configured. */
export type LayerConfig = z.output<Extract<Kind, { schema: unknown }>['schema']>;

/** A layer with all its settings, independent of its variant. */
export type LayerSpec = ReturnType<Extract<Kind, { resolve: unknown }>['resolve']>;
export type SpecOf<Name extends LayerSpec['kind']> = Extract<LayerSpec, { readonly kind: Name }>;

/** The facts that follow from a layer's kind; the kinds' types are checked where they are defined. */
type AnyKind = LayerKind<z.ZodType<LayerConfig>, LayerSpec>;

const inner: InnerLayers = {
  schema: z.lazy(() => list(layerSchema)),
  resolve: (layers, defaults, giveLogits) =>
    resolveLayers(layers as readonly LayerConfig[], defaults, giveLogits),
};

const all = Object.values(kinds).map(
  (kind) => (typeof kind === 'function' ? kind(inner) : kind) as unknown as AnyKind,
);
const byName = new Map(all.map((kind) => [kind.kind, kind]));

export function kindOf({ kind }: { readonly kind: string }): AnyKind {
  const found = byName.get(kind as LayerSpec['kind']);
  if (found !== undefined) return found;
  throw new LockstepError(
    'bug',
    `expected a kind of layer (${orList([...byName.keys()])}), got ${kind}`,
  );
}

type Schemas = Parameters<typeof z.discriminatedUnion<[z.ZodObject, ...z.ZodObject[]], 'kind'>>[1];

export const layerSchema: z.ZodType<LayerConfig, LayerConfig> = z
  .discriminatedUnion('kind', all.map(({ schema }) => schema) as unknown as Schemas, {
    error: (issue) =>
      issue.note === undefined ? 'a map with a `kind`' : orList([...byName.keys()]),
  })
  .describe('One layer; `kind` says which.') as unknown as z.ZodType<LayerConfig, LayerConfig>;

/** The layers inside a layer, if its kind has some. */
export function innerLayers<Layer extends LayerConfig | LayerSpec>(layer: Layer): Layer[] {
  return 'layers' in layer ? (layer.layers as unknown as Layer[]) : [];
}

/**
 * Layers that know everything a variant says for them. The activation of the layer that gives the
 * logits, the last that weighs its inputs, is linear unless it says otherwise.
 * @param giveLogits whether that layer is one of these
 */
export function resolveLayers(
  layers: readonly LayerConfig[],
  defaults: LayerDefaults,
  giveLogits = true,
): LayerSpec[] {
  const logits = giveLogits ? layers.findLastIndex(weighs) : -1;
  return layers.map((layer, index) => kindOf(layer).resolve(layer, defaults, index === logits));
}

function weighs(layer: LayerConfig): boolean {
  return kindOf(layer).weighs === true || innerLayers(layer).some(weighs);
}
