import { createHash } from 'node:crypto';

/**
 * The first 16 hexadecimal digits of the SHA-256 of the array's bytes (little-endian, as stored).
 *
 * Used for `batch.indicesDigest` (int32 positions in the training split) and
 * `variants.<name>.inputDigest` (float32 inputs), so any program with SHA-256 can recompute them.
 */
export function digest(array: Int32Array | Float32Array): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
