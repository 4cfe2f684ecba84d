/** The parts of a dataset: the first training images are the validation split, the rest train. */
export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** Height, width and channels of one example. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Images and their labels, in memory that threads share. */
export interface LabeledImages {
  readonly count: number;
  /** `[count, height, width]` uint8. */
  readonly images: Uint8Array<SharedArrayBuffer>;
  /** `[count]` uint8 class indices. */
  readonly labels: Uint8Array<SharedArrayBuffer>;
}

/** The three splits of a dataset; all view the dataset's memory. */
export type Splits = Readonly<Record<SplitName, LabeledImages>>;

/** Per-pixel mean and scale of images in [0, 1]: `z = (x - mean) / std`. */
export interface StandardScaler {
  /** `[pixels]` float64. */
  readonly mean: Float64Array;
  /** `[pixels]` float64, population standard deviation; 1 where a pixel is constant. */
  readonly std: Float64Array;
}

/** How pixels are scaled: `raw` is [0, 1]; `standardized` is per-pixel zero mean, unit variance. */
export const inputScalings = ['raw', 'standardized'] as const;
export type InputScaling = (typeof inputScalings)[number];
