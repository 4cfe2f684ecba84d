import { LockstepError } from '../../protocol/index.js';
import type { ReadArray } from '../array-column.js';
import { otherCopyHint } from '../read-file.js';
import { bytesPer, sharedValues } from '../values.js';
import type { ValueType } from '../values.js';

/** The type's code, the third byte of an IDX file. */
const types: Readonly<Record<number, ValueType>> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};

/**
 * Parses an IDX file: two zero bytes, the type, the number of axes, their lengths as big-endian uint32,
 * then the values, big-endian and row-major.
 *
 * @param file what error messages call the content
 * @throws LockstepError `data` unless the header is sound and the size is exactly what it says
 * @see http://yann.lecun.com/exdb/mnist
 */
export function parseIdx(content: Uint8Array, file: string): ReadArray {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const magic = content.byteLength < 4 ? undefined : view.getUint32(0);
  const type = magic === undefined || magic > 0xffff ? undefined : types[magic >>> 8];
  if (magic !== undefined && type === undefined) {
    throw new LockstepError(
      'data',
      `Expected an IDX file (two zero bytes, then a type such as 08 or 0d) in ${file}, got bytes ${hex(content)}.`,
      { hint: 'Use big-endian IDX files, plain or .gz, as MNIST has them.' },
    );
  }
  const axes = (magic ?? 0) & 255;
  const start = 4 + 4 * axes;
  if (type === undefined || content.byteLength < start) {
    throw new LockstepError(
      'data',
      `Expected an IDX header of ${start} bytes in ${file}, got ${content.byteLength} bytes.`,
      { hint: otherCopyHint },
    );
  }
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = bytesPer(type);
  const expected = start + shape.reduce((product, length) => product * length, size);
  if (content.byteLength !== expected) {
    const difference = content.byteLength - expected;
    throw new LockstepError(
      'data',
      `Expected ${expected} bytes in ${file} as its header says (${start} + ${shape.join(' x ')}${size === 1 ? '' : ` x ${size}`}), got ${content.byteLength}: ${Math.abs(difference)} ${difference < 0 ? 'missing' : 'trailing'}.`,
      { hint: otherCopyHint },
    );
  }
  return { shape, values: sharedValues(content.subarray(start), type, 'BE'), start };
}

function hex(content: Uint8Array): string {
  return Array.from(content.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
