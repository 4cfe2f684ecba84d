/** Activation functions a variant or a layer can name. All are monotone and non-decreasing. */
export const activationNames = [
  'linear',
  'relu',
  'selu',
  'elu',
  'leakyRelu',
  'tanh',
  'sigmoid',
] as const;
export type ActivationName = (typeof activationNames)[number];

/**
 * Weight initializers: zero-mean draws with variance 2/fanIn (he), 1/fanIn (lecun) or
 * 2/(fanIn + fanOut) (glorot), normal, or uniform with the same variance.
 */
export const initializerNames = [
  'he',
  'heUniform',
  'lecun',
  'lecunUniform',
  'glorot',
  'glorotUniform',
] as const;
export type InitializerName = (typeof initializerNames)[number];

export const dropoutKinds = ['standard', 'alpha'] as const;
export type DropoutKind = (typeof dropoutKinds)[number];

export interface Conv2dSpec {
  readonly kind: 'conv2d';
  readonly filters: number;
  /** Height and width of the square kernel, in pixels. */
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';
  /** Absent: the variant's activation (the network's last layer, which gives the logits, stays linear). */
  readonly activation?: ActivationName | undefined;
}

export interface MaxPoolSpec {
  readonly kind: 'maxPool';
  /** Height and width of the square window, in pixels. */
  readonly poolSize: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';
}

export interface FlattenSpec {
  readonly kind: 'flatten';
}

export interface DenseSpec {
  readonly kind: 'dense';
  readonly units: number;
  /** As for {@link Conv2dSpec.activation}. */
  readonly activation?: ActivationName | undefined;
}

export interface DropoutLayerSpec {
  readonly kind: 'dropout';
  /** Probability of dropping a unit, in [0, 1). Absent: the variant's rate. */
  readonly rate?: number | undefined;
}

export type LayerSpec = Conv2dSpec | MaxPoolSpec | FlattenSpec | DenseSpec | DropoutLayerSpec;

export interface OptimizerSpec {
  readonly kind: 'sgd';
  readonly learningRate: number;
  /** Classical (heavy-ball) momentum in [0, 1); 0 keeps no state. */
  readonly momentum: number;
}

/** How pixels are scaled: `raw` is [0, 1]; `standardized` is per-pixel zero mean, unit variance. */
export const inputScalings = ['raw', 'standardized'] as const;
export type InputScaling = (typeof inputScalings)[number];

/** Everything a worker needs to know to build and train one variant. */
export interface VariantSpec {
  /** The key under `variants` in the configuration; also its name in logs and files. */
  readonly name: string;
  /** What people read, for instance `ReLU`. */
  readonly label: string;
  /** The variant's line in the figure's legend. Absent: `Loss <label>`. */
  readonly legend?: string | undefined;
  readonly input: InputScaling;
  readonly activation: ActivationName;
  readonly init: InitializerName;
  readonly dropout: { readonly kind: DropoutKind; readonly rate: number };
  readonly layers: readonly LayerSpec[];
  readonly optimizer: OptimizerSpec;
}
