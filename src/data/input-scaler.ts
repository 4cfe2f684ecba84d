import { endianness } from 'node:os';
import type { StandardScaler } from '../protocol/index.js';

/** Turns uint8 pixels into what a network gets. */
export interface InputScaler {
  /**
   * Writes the images at `indices`, every pixel as `(x / 255 - mean) / std` in float64, rounded once to
   * float32; without a standardization as `x / 255`, rounded once.
   *
   * @param out `[n, pixels]` float32
   * @param images `[count, pixels]` uint8
   * @param indices `[n]` int32 in [0, count)
   */
  scale(out: Float32Array, images: Uint8Array, indices: Int32Array): void;
}

/** `x / 255` of every byte. */
const unit = Float64Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * @param pixels of one image
 * @param standardization what was fitted on the training split; absent: none
 */
export function createInputScaler(pixels: number, standardization?: StandardScaler): InputScaler {
  const scaled =
    standardization === undefined
      ? (byte: number) => unit[byte]!
      : standardize(standardization.mean, standardization.std);
  // What an all-black image becomes: most pixels of most grey images are 0, so each row starts as
  // a copy of this one and only the other pixels are computed.
  const black = Float32Array.from({ length: pixels }, (_, pixel) => scaled(0, pixel));

  function scaleBytes(out: Float32Array, row: number, images: Uint8Array, start: number) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = images[start + pixel]!;
      if (value !== 0) out[row + pixel] = scaled(value, pixel);
    }
  }

  // Twice as fast as byte by byte: one test skips four black pixels.
  function scaleWords(out: Float32Array, row: number, words: Uint32Array, start: number) {
    const end = start + pixels / 4;
    for (let at = start, pixel = 0; at < end; at++, pixel += 4) {
      const word = words[at]!;
      if (word === 0) continue;
      const k = row + pixel;
      out[k] = scaled(word & 255, pixel);
      out[k + 1] = scaled((word >>> 8) & 255, pixel + 1);
      out[k + 2] = scaled((word >>> 16) & 255, pixel + 2);
      out[k + 3] = scaled(word >>> 24, pixel + 3);
    }
  }

  return {
    scale(out, images, indices) {
      const words = pixels % 4 === 0 ? littleEndianWords(images) : undefined;
      for (let i = 0; i < indices.length; i++) {
        const row = i * pixels;
        const start = indices[i]! * pixels;
        out.set(black, row);
        if (words === undefined) scaleBytes(out, row, images, start);
        else scaleWords(out, row, words, start / 4);
      }
    },
  };
}

function standardize(mean: Float64Array, std: Float64Array) {
  return (byte: number, pixel: number) => (unit[byte]! - mean[pixel]!) / std[pixel]!;
}

/** The bytes four at a time, the first in the lowest bits; nothing where memory does not allow it. */
function littleEndianWords(bytes: Uint8Array): Uint32Array | undefined {
  if (bytes.byteOffset % 4 !== 0 || endianness() !== 'LE') return undefined;
  return new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
}
