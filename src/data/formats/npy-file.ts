import { LockstepError } from '../../protocol/index.js';
import type { ReadArray } from '../array-column.js';
import { otherCopyHint } from '../read-file.js';
import { bytesPer, sharedValues } from '../values.js';
import type { ValueType } from '../values.js';

/** NumPy's `dtype.str` of the types that are read; int64 becomes int32, which its values must fit. */
const types: Readonly<Record<string, ValueType | 'int64'>> = {
  '|u1': 'uint8',
  '|i1': 'int8',
  '<i2': 'int16',
  '<i4': 'int32',
  '<i8': 'int64',
  '<f4': 'float32',
  '<f8': 'float64',
};

/**
 * Parses an array that NumPy saved (`.npy`, versions 1 to 3): little-endian and in C order.
 *
 * @param file what error messages call the content
 * @throws LockstepError `data` unless the header is sound and the size is exactly what it says
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(content: Uint8Array, file: string): ReadArray {
  const { header, start } = readHeader(content, file);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const lengths = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (order === undefined || lengths === undefined) {
    throw new LockstepError(
      'data',
      `Expected a dictionary with descr, fortran_order and shape at byte 10 of ${file}, got ${JSON.stringify(header.trim().slice(0, 80))}.`,
      { hint: 'Save it with numpy.save.' },
    );
  }
  const type = types[descr ?? ''];
  if (type === undefined) {
    throw new LockstepError(
      'data',
      `Expected an array of one of ${Object.keys(types).join(', ')} in ${file}, got ${descr ?? 'a structured array'}.`,
      { hint: conversion(descr) },
    );
  }
  if (order === 'True') {
    throw new LockstepError('data', `Expected C order in ${file}, got Fortran order.`, {
      hint: 'Save numpy.ascontiguousarray(array).',
    });
  }
  const shape = (lengths.match(/\d+/g) ?? []).map(Number);
  const size = type === 'int64' ? 8 : bytesPer(type);
  const expected = start + shape.reduce((product, length) => product * length, size);
  if (content.byteLength !== expected) {
    const difference = content.byteLength - expected;
    throw new LockstepError(
      'data',
      `Expected ${expected} bytes in ${file} as its header says (${[start, [...shape, size].join(' x ')].join(' + ')}), got ${content.byteLength}: ${Math.abs(difference)} ${difference < 0 ? 'missing' : 'trailing'}.`,
      { hint: otherCopyHint },
    );
  }
  const bytes = content.subarray(start);
  const values = type === 'int64' ? narrow(bytes, start, file) : sharedValues(bytes, type, 'LE');
  return { shape, values, start };
}

/** How to save an array of a type that is not read, without losing anything. */
function conversion(descr = ''): string {
  const [, order = '', kind = '', size = '0'] = /^([<>|=])([a-zA-Z])(\d*)/.exec(descr) ?? [];
  if (order === '>') return "Save array.astype(array.dtype.newbyteorder('<')).";
  if (kind === 'b') return "Save array.astype('i1'): 0 and 1.";
  if (kind === 'u') return `Save array.astype('${size === '2' ? '<i4' : '<i8'}').`;
  if (kind === 'f') return `Save array.astype('${size === '2' ? '<f4' : '<f8'}').`;
  if (kind === 'U' || kind === 'S' || kind === 'O') {
    return 'Save numbers; of classes numpy.unique(array, return_inverse=True)[1], which numbers them in sorted order.';
  }
  return 'Save one array of whole numbers or floats.';
}

function readHeader(content: Uint8Array, file: string): { header: string; start: number } {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') {
    throw new LockstepError(
      'data',
      `Expected the bytes 93 4e 55 4d 50 59 (\\x93NUMPY) at the start of ${file}, got ${[...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'no bytes'}.`,
      { hint: 'Save it with numpy.save.' },
    );
  }
  const wide = bytes[6] !== 1;
  const prefix = wide ? 12 : 10;
  const whole = bytes.byteLength >= prefix;
  const start = whole ? prefix + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8)) : prefix;
  if (bytes.byteLength < start) {
    throw new LockstepError(
      'data',
      `Expected a header of ${start} bytes in ${file}, got ${bytes.byteLength} bytes.`,
      { hint: otherCopyHint },
    );
  }
  return { header: bytes.toString('latin1', prefix, start), start };
}

function narrow(bytes: Uint8Array, start: number, file: string): Int32Array<SharedArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Int32Array(new SharedArrayBuffer(bytes.byteLength / 2));
  for (let index = 0; index < values.length; index++) {
    const value = view.getBigInt64(8 * index, true);
    values[index] = Number(value);
    if (BigInt(values[index]!) === value) continue;
    throw new LockstepError(
      'data',
      `Expected integers that fit in 32 bits in ${file}, got ${value} at byte ${start + 8 * index}.`,
      { hint: 'Save larger numbers as float64.' },
    );
  }
  return values;
}
