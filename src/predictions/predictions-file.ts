import { decodeBytes, encodeSafetensors } from '../checkpoint/safetensors.js';
import { readBytes } from '../files/read.js';
import { LockstepError } from '../protocol/index.js';

/** What the variants of one trained trial say of the evaluated test examples. */
export interface TrialPredictions {
  readonly seed: number;
  /** How many steps the variants were trained. */
  readonly step: number;
  /** MD5 of the dataset's file of test labels, which are not stored here. */
  readonly labelsMd5: string;
  /** By variant name: `[examples]` uint8 predicted classes, in the order of the test split. */
  readonly variants: Readonly<Record<string, Uint8Array>>;
}

/** As safetensors, a uint8 vector for each variant: what Python's `safetensors.numpy` loads. */
export function encodePredictions(predictions: TrialPredictions): Buffer {
  const { seed, step, labelsMd5, variants } = predictions;
  const tensors = Object.entries(variants).map(([name, values]) => [
    name,
    { shape: [values.length], values },
  ]);
  return encodeSafetensors(Object.fromEntries(tensors) as Record<string, never>, {
    split: 'test',
    seed: String(seed),
    step: String(step),
    labelsMd5,
  });
}

/**
 * @param place the file's path, for errors
 * @throws LockstepError `data` when the file is no predictions file
 */
export function decodePredictions(file: Uint8Array, place: string): TrialPredictions {
  const { metadata, vectors } = decodeBytes(file, place);
  const { split, seed, step, labelsMd5 } = metadata;
  if (split !== 'test' || labelsMd5 === undefined || !isCount(seed) || !isCount(step)) {
    throw new LockstepError(
      'data',
      `${place}: expected predictions on the test split with seed, step and labelsMd5, got ${JSON.stringify(metadata)}`,
    );
  }
  return { seed: Number(seed), step: Number(step), labelsMd5, variants: vectors };
}

/** @returns undefined where the trial has none */
export async function readPredictions(path: string): Promise<TrialPredictions | undefined> {
  const bytes = await readBytes(path);
  return bytes === undefined ? undefined : decodePredictions(bytes, path);
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && Number.isSafeInteger(Number(text));
}
