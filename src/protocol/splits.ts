/** The parts of a dataset: the first training images are the validation split, the rest train. */
export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];
