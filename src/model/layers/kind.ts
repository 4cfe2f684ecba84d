import type { z } from 'zod';
import type { InitialValues, Shape } from '../../protocol/network-plan.js';
import { activationOf } from '../activations.js';
import type { Activation, ActivationConfig } from '../activations.js';
import type { InitializerConfig } from '../initializers.js';

export const dropoutMethods = ['standard', 'alpha', 'spatial'] as const;
export type DropoutMethod = (typeof dropoutMethods)[number];

/** A variant's settings for all layers that have none of their own. */
export interface LayerDefaults {
  readonly activation: ActivationConfig;
  readonly init: InitializerConfig;
  readonly dropout: { readonly kind: DropoutMethod; readonly rate: number };
}

export interface ParameterSpec {
  /** For instance `kernel`. */
  readonly name: string;
  readonly shape: Shape;
  /** Whether the optimizer updates it. */
  readonly trainable: boolean;
  readonly init: InitialValues;
}

/** The bias of each output, if there is one. */
export function biasOf(bias: boolean, outputs: number): readonly ParameterSpec[] {
  return bias ? [{ name: 'bias', shape: [outputs], trainable: true, init: 'zeros' }] : [];
}

export interface Inferred {
  readonly output: Shape;
  readonly parameters: readonly ParameterSpec[];
  /** Of matrix products in the forward pass of one example; a multiplication and an addition are two. */
  readonly flops: number;
}

/**
 * A kind of layer: its settings, and everything that follows from them without computing. The file of the
 * same name in `workers/model/layers` computes it.
 */
export interface LayerKind<
  Schema extends z.ZodType<{ readonly kind: string }>,
  Spec extends { readonly kind: string },
> {
  readonly kind: Spec['kind'];
  /** Validates its settings in a configuration. */
  readonly schema: Schema;
  /** Whether training draws random numbers for it. */
  readonly draws?: true;
  /** Whether the network's logits may be its sums of weighted inputs, which then get no activation. */
  readonly weighs?: true;
  /**
   * Its settings; those left out come from the variant.
   * @param givesLogits whether it, or a layer inside it, gives the network's logits
   */
  resolve(config: z.output<Schema>, defaults: LayerDefaults, givesLogits: boolean): Spec;
  /**
   * @param input shape of one example
   * @param inner the output's shape of the layers inside it; the input's if there are none
   * @throws LockstepError `usage` when the layer does not fit, without naming it
   */
  infer(spec: Spec, input: Shape, inner: Shape): Inferred;
  /** Where the layer at a position inside it is written; absent: at that position. */
  repetition?(spec: Spec, position: number): Repetition;
}

/** One of the times that a layer inside another has its turn. */
export interface Repetition {
  /** The layer's position, from 0, among those that are written. */
  readonly index: number;
  /** From 1. */
  readonly time: number;
  readonly times: number;
}

/** A layer inside another; which settings it has, its own kind knows. */
export interface InnerLayer {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** What a kind whose layers have layers inside needs of all kinds: it is a function of this. */
export interface InnerLayers {
  readonly schema: z.ZodType<readonly InnerLayer[]>;
  resolve(
    layers: readonly InnerLayer[],
    defaults: LayerDefaults,
    giveLogits: boolean,
  ): readonly { readonly kind: string }[];
}

/** Of a layer that may give the logits, which are linear. */
export function activationFor(
  { activation }: { readonly activation?: ActivationConfig | undefined },
  defaults: LayerDefaults,
  givesLogits: boolean,
): Activation {
  return activationOf(activation ?? (givesLogits ? 'linear' : defaults.activation));
}

/** Checks a kind's definition and keeps its types. */
export function layerKind<
  Schema extends z.ZodType<{ readonly kind: string }>,
  Spec extends { readonly kind: string },
>(definition: LayerKind<Schema, Spec>): LayerKind<Schema, Spec> {
  return definition;
}
