import xxhash from 'xxhash-wasm';

// Its wasm compiles while the module loads, so only importers of this file wait for it.
const hasher = await xxhash();

/**
 * XXH64 with seed 0 of the array's bytes (little-endian, as stored), 16 hexadecimal digits.
 *
 * Used for `batch.indicesDigest` (int32 positions in the training split) and
 * `variants.<name>.inputDigest` (float32 inputs), so any program with xxHash can recompute them. It
 * finds differences, not forgeries, and takes a sixth of SHA-256's time.
 *
 * @see https://xxhash.com
 */
export function digest(array: Int32Array | Float32Array): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return hasher.h64Raw(bytes).toString(16).padStart(16, '0');
}
