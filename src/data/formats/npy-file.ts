import { LockstepError } from '../../protocol/index.js';
import type { ReadArray } from '../array-column.js';
import { otherCopyHint } from '../read-file.js';
import { inCOrder, npyType } from './npy-values.js';

/**
 * Parses an array of numbers or booleans that NumPy saved (`.npy`, versions 1 to 3).
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
  const type = npyType(descr ?? '');
  if (type === undefined) {
    throw new LockstepError(
      'data',
      `Expected an array of booleans, integers or floats of up to 64 bits in ${file}, got ${descr ?? 'a structured array'}.`,
      { hint: conversion(descr) },
    );
  }
  const shape = (lengths.match(/\d+/g) ?? []).map(Number);
  const size = type.bytes;
  const expected = start + shape.reduce((product, length) => product * length, size);
  if (content.byteLength !== expected) {
    const difference = content.byteLength - expected;
    throw new LockstepError(
      'data',
      `Expected ${expected} bytes in ${file} as its header says (${[start, [...shape, size].join(' x ')].join(' + ')}), got ${content.byteLength}: ${Math.abs(difference)} ${difference < 0 ? 'missing' : 'trailing'}.`,
      { hint: otherCopyHint },
    );
  }
  const values = type.values(content.subarray(start), start, file);
  if (order === 'True' && shape.length > 1) return { shape, values: inCOrder(values, shape) };
  return { shape, values, ...(type.isKept && { start }) };
}

/** How to save an array of a type that is not read. */
function conversion(descr = ''): string {
  const [, kind] = /^[<>|=]([a-zA-Z])/.exec(descr) ?? [];
  if (kind === 'U' || kind === 'S' || kind === 'O') {
    return 'Save numbers; of classes numpy.unique(array, return_inverse=True)[1], which numbers them in sorted order.';
  }
  if (kind === 'f') return "Save array.astype('<f8').";
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
