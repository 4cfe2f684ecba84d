/*
 * What a worker builds and trains, inferred once by the trial process: names, shapes and initial values
 * of every tensor. The plan is plain data and knows no kinds: `src/model` makes it, `workers/model` looks
 * up what computes it.
 */

/** Sizes of a tensor's axes; of an example's features without the batch axis. */
export type Shape = readonly number[];

/** How a parameter is drawn before the first step. */
export type DrawnValues =
  /** Independent draws of mean 0. */
  | { readonly distribution: 'normal' | 'uniform'; readonly variance: number }
  /** Independent draws of mean 0, none beyond twice the standard deviation before truncation. */
  | { readonly distribution: 'truncatedNormal'; readonly stddev: number }
  /** As a matrix `[all axes but the last, last axis]`, of orthogonal rows or columns of this length. */
  | { readonly distribution: 'orthogonal'; readonly gain: number };

/** A parameter's values before the first step: constant, or drawn. */
export type InitialValues = 'zeros' | 'ones' | DrawnValues;

export interface PlannedParameter {
  /** In checkpoints, for instance `layers.0.kernel`. */
  readonly name: string;
  /** Within its layer, for instance `kernel`. */
  readonly role: string;
  readonly shape: Shape;
  /** Whether the optimizer updates it. */
  readonly trainable: boolean;
  readonly init: InitialValues;
}

export interface PlannedLayer {
  /** For instance `['layers', 3, 'layers', 0]`, the first of the layers inside the fourth. */
  readonly path: readonly (string | number)[];
  /** The layer's settings, with the variant's defaults filled in. */
  readonly spec: { readonly kind: string };
  readonly input: Shape;
  readonly output: Shape;
  readonly parameters: readonly PlannedParameter[];
  /** Floating-point operations of matrix products in the forward pass of one example. */
  readonly flops: number;
  /** Which of a step's random streams is the layer's; absent: it draws nothing in training. */
  readonly stream?: number | undefined;
  /** Those inside it, one after the other. */
  readonly layers: readonly PlannedLayer[];
}

/** The layers with all those inside them: each, then its own. */
export function everyLayer(layers: readonly PlannedLayer[]): PlannedLayer[] {
  return layers.flatMap((layer) => [layer, ...everyLayer(layer.layers)]);
}

/** A tensor an optimizer keeps for a parameter, of the same shape; starts at 0. */
export interface PlannedSlot {
  /** In checkpoints, for instance `optimizer.momentum.layers.0.kernel`. */
  readonly name: string;
  /** Among the parameter's slots, for instance `momentum`. */
  readonly role: string;
  /** The parameter's name. */
  readonly parameter: string;
  readonly shape: Shape;
}

/** What an optimizer keeps for a parameter as one of its slots. */
export function planSlot(
  role: string,
  { name, shape }: Pick<PlannedParameter, 'name' | 'shape'>,
): PlannedSlot {
  return { name: `optimizer.${role}.${name}`, role, parameter: name, shape };
}

/**
 * What the targets of examples are: the `classes` they are of, from 0; a 0 or 1 for each of several
 * `labels`; or `numbers`.
 */
export type TargetKind = 'classes' | 'labels' | 'numbers';

export interface NetworkPlan {
  /** Of one example. */
  readonly input: Shape;
  readonly layers: readonly PlannedLayer[];
  /** Units of the last layer: a logit for each class or label, or the numbers that are predicted. */
  readonly outputs: number;
  readonly objective: {
    readonly spec: { readonly kind: string };
    readonly targets: TargetKind;
  };
  readonly optimizer: {
    readonly spec: { readonly kind: string; readonly learningRate: number };
    readonly slots: readonly PlannedSlot[];
    /** Whether weight decay shrinks the parameters themselves instead of adding to the gradients. */
    readonly decouplesDecay: boolean;
  };
}

/** Random streams of one step: layer `l` of step `s` draws with the seed `64 s + l`. */
export const streamsPerStep = 64;
