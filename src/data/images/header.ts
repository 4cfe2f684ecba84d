import { LockstepError } from '../../protocol/index.js';
import { otherCopyHint } from '../read-file.js';

/** What an image file says of itself at its start. */
export interface ImageHeader {
  readonly format: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: colour; transparency does not count. */
  readonly channels: 1 | 3;
}

/**
 * Reads the header of a PNG or JPEG file, whatever its name.
 *
 * @param file what error messages call the content
 * @throws LockstepError `data` for other files, and for images that do not have 8 bits a channel
 */
export function imageHeader(content: Uint8Array, file: string): ImageHeader {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') return pngHeader(bytes, file);
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  const jpeg = isJpeg ? jpegHeader(bytes, file) : undefined;
  if (jpeg !== undefined) return jpeg;
  const got = bytes.length === 0 ? 'no bytes' : `bytes ${bytes.toString('hex', 0, 8)}`;
  throw new LockstepError('data', `Expected a PNG or JPEG image in ${file}, got ${got}.`, {
    hint: 'Keep images only in the folders of the classes.',
  });
}

/** Of a PNG file: the signature and the IHDR chunk. */
const headerEnd = 33;

/** Colour types of PNG (ISO/IEC 15948, 11.2.2): grey, RGB, palette, grey and RGB with alpha. */
const pngChannels: Readonly<Record<number, 1 | 3>> = { 0: 1, 2: 3, 3: 3, 4: 1, 6: 3 };

function pngHeader(bytes: Buffer, file: string): ImageHeader {
  if (bytes.length < headerEnd) {
    throw new LockstepError(
      'data',
      `Expected an intact PNG image in ${file}, got ${bytes.length} bytes, ${headerEnd - bytes.length} short of its header.`,
      { hint: otherCopyHint },
    );
  }
  const [depth, colour] = [bytes[24]!, bytes[25]!];
  const channels = pngChannels[colour];
  if (channels === undefined || (depth !== 8 && colour !== 3)) {
    throw new LockstepError(
      'data',
      `Expected a PNG image of 8 bits a channel in ${file}, got ${depth} bits and colour type ${colour}.`,
      { hint: 'Convert it to 8-bit grey or RGB.' },
    );
  }
  return { format: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), channels };
}

/** The frame header (ISO/IEC 10918-1, B.2.2) says size and components. */
function jpegHeader(bytes: Buffer, file: string): ImageHeader | undefined {
  for (let at = 2; at + 9 < bytes.length;) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return undefined;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (!isFrame) {
      at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
      continue;
    }
    const [depth, components] = [bytes[at + 4]!, bytes[at + 9]!];
    if (depth !== 8 || (components !== 1 && components !== 3)) {
      throw new LockstepError(
        'data',
        `Expected a grey or colour JPEG image of 8 bits a channel in ${file}, got ${components} channels of ${depth} bits.`,
        { hint: 'Convert it to 8-bit grey or RGB.' },
      );
    }
    const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
    return { format: 'jpeg', width, height, channels: components };
  }
  return undefined;
}
