import crc32c from 'crc-32/crc32c.js';

/**
 * The checksum of a TFRecord: CRC-32C, rotated and shifted, so that the CRC of data that holds CRCs stays useful.
 * Source: tensorflow/core/lib/hash/crc32c.h.
 */
export function maskedCrc(data: Uint8Array): number {
  const crc = crc32c.buf(data) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
