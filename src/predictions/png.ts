import { crc32, deflateSync } from 'node:zlib';
import type { Picture } from '../data/picture.js';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * A picture as PNG, for instance a grey one of 28 x 28 pixels in some 300 bytes.
 * Format: PNG (ISO/IEC 15948), 8 bits a channel, greyscale or truecolour, no filter
 */
export function encodePng({ pixels, height, width, channels }: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, the colour type, then the only compression, filter and interlace methods but Adam7.
  header.set([8, channels === 1 ? 0 : 2, 0, 0, 0], 8);
  const length = width * channels;
  const rows = Buffer.alloc(height * (length + 1));
  for (let row = 0; row < height; row += 1) {
    rows.set(pixels.subarray(row * length, (row + 1) * length), row * (length + 1) + 1);
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), 4 + typed.length);
  return framed;
}
