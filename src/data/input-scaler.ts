import { endianness } from 'node:os';
import type { InputScaling } from '../protocol/index.js';
import type { LabeledImages } from './dataset.js';
import { fitStandardScaler } from './standard-scaler.js';

/** Turns uint8 pixels into what a network gets. */
export interface InputScaler {
  readonly scaling: InputScaling;
  /** Pixels of one image. */
  readonly pixels: number;
  /**
   * Writes the scaled images at `indices`: every value is `(x / 255 - mean) / std` in float64,
   * rounded once to float32. With `raw`, mean is 0 and std 1, which changes no bit of `x / 255`.
   *
   * @param out `[n, pixels]` float32
   * @param images `[count, pixels]` uint8
   * @param indices `[n]` int32 in [0, count)
   */
  fill(out: Float32Array, images: Uint8Array, indices: Int32Array): void;
}

/**
 * Makes one scaler for each kind that is asked for; the standardization is fitted on `train`, and
 * only if somebody wants it.
 *
 * @param train the training split
 */
export function createInputScalers(
  scalings: Iterable<InputScaling>,
  train: LabeledImages,
): ReadonlyMap<InputScaling, InputScaler> {
  const pixels = train.images.length / train.count;
  return new Map(
    Array.from(new Set(scalings), (scaling) => {
      const { mean, std } =
        scaling === 'standardized'
          ? fitStandardScaler(train)
          : { mean: new Float64Array(pixels), std: new Float64Array(pixels).fill(1) };
      return [scaling, createInputScaler(scaling, mean, std)];
    }),
  );
}

/** `x / 255` of every byte. */
const unit = Float64Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Makes a scaler from a fitted mean and standard deviation.
 *
 * @param mean `[pixels]` float64
 * @param std `[pixels]` float64, none 0
 */
export function createInputScaler(
  scaling: InputScaling,
  mean: Float64Array,
  std: Float64Array,
): InputScaler {
  const pixels = mean.length;
  // What an all-black image becomes: most pixels of most grey images are 0, so each row starts as
  // a copy of this one and only the other pixels are computed.
  const black = Float32Array.from(mean, (value, pixel) => (unit[0]! - value) / std[pixel]!);

  function fillRowByBytes(out: Float32Array, row: number, images: Uint8Array, start: number) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = images[start + pixel]!;
      if (value !== 0) out[row + pixel] = (unit[value]! - mean[pixel]!) / std[pixel]!;
    }
  }

  // Twice as fast as byte by byte: one test skips four black pixels.
  function fillRowByWords(out: Float32Array, row: number, words: Uint32Array, start: number) {
    const end = start + pixels / 4;
    for (let at = start, pixel = 0; at < end; at++, pixel += 4) {
      const word = words[at]!;
      if (word === 0) continue;
      const k = row + pixel;
      out[k] = (unit[word & 255]! - mean[pixel]!) / std[pixel]!;
      out[k + 1] = (unit[(word >>> 8) & 255]! - mean[pixel + 1]!) / std[pixel + 1]!;
      out[k + 2] = (unit[(word >>> 16) & 255]! - mean[pixel + 2]!) / std[pixel + 2]!;
      out[k + 3] = (unit[word >>> 24]! - mean[pixel + 3]!) / std[pixel + 3]!;
    }
  }

  return {
    scaling,
    pixels,
    fill(out, images, indices) {
      const words = pixels % 4 === 0 ? littleEndianWords(images) : undefined;
      for (let i = 0; i < indices.length; i++) {
        const row = i * pixels;
        const start = indices[i]! * pixels;
        out.set(black, row);
        if (words === undefined) fillRowByBytes(out, row, images, start);
        else fillRowByWords(out, row, words, start / 4);
      }
    },
  };
}

/** The bytes four at a time, the first in the lowest bits; nothing where memory does not allow it. */
function littleEndianWords(bytes: Uint8Array): Uint32Array | undefined {
  if (bytes.byteOffset % 4 !== 0 || endianness() !== 'LE') return undefined;
  return new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
}
