import { decodeVectors, encodeSafetensors } from '../checkpoint/safetensors.js';
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
  /** By variant name: `[examples]` float32 probabilities of those classes; older files have none. */
  readonly confidences?: Readonly<Record<string, Float32Array>> | undefined;
}

/** Ends the names of tensors of confidences; no variant's name has a dot. */
const confidenceSuffix = '.confidence';

/**
 * As safetensors, which Python's `safetensors.numpy` loads: for each variant a uint8 vector of its name, and
 * a float32 vector `<name>.confidence`.
 */
export function encodePredictions(predictions: TrialPredictions): Buffer {
  const { seed, step, labelsMd5, variants, confidences = {} } = predictions;
  const tensors = [
    // Floats come first, so that they lie at multiples of four bytes.
    ...Object.entries(confidences).map(
      ([name, values]) => [`${name}${confidenceSuffix}`, values] as const,
    ),
    ...Object.entries(variants),
  ].map(([name, values]) => [name, { shape: [values.length], values }] as const);
  return encodeSafetensors(Object.fromEntries(tensors), {
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
  const { metadata, bytes, floats } = decodeVectors(file, place);
  const { split, seed, step, labelsMd5 } = metadata;
  if (split !== 'test' || labelsMd5 === undefined || !isCount(seed) || !isCount(step)) {
    throw new LockstepError(
      'data',
      `${place}: expected predictions on the test split with seed, step and labelsMd5, got ${JSON.stringify(metadata)}`,
    );
  }
  const confidences = Object.entries(floats).map(
    ([name, values]) => [name.slice(0, -confidenceSuffix.length), values] as const,
  );
  return {
    seed: Number(seed),
    step: Number(step),
    labelsMd5,
    variants: bytes,
    ...(confidences.length > 0 && { confidences: Object.fromEntries(confidences) }),
  };
}

/** @returns undefined where the trial has none */
export async function readPredictions(path: string): Promise<TrialPredictions | undefined> {
  const bytes = await readBytes(path);
  return bytes === undefined ? undefined : decodePredictions(bytes, path);
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && Number.isSafeInteger(Number(text));
}
