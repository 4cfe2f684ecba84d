import { endianness } from 'node:os';
import type { SharedValues } from '../protocol/index.js';

interface SharedArray {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer): SharedValues;
}

/** Types of numbers in data files, by NumPy's names. */
const valueTypes = {
  uint8: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<string, SharedArray>;
export type ValueType = keyof typeof valueTypes;

/** The name of the values' type, for messages. */
export function typeOf(values: SharedValues): ValueType {
  const names = Object.keys(valueTypes) as ValueType[];
  return names.find((name) => values instanceof valueTypes[name])!;
}

/** Whether the values may be fractions. */
export function isFloat(
  values: SharedValues,
): values is Float32Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer> {
  return values instanceof Float32Array || values instanceof Float64Array;
}

/** `count` zeros of the type of some values. */
export function sharedLike(values: SharedValues, count: number): SharedValues {
  const Values: SharedArray = valueTypes[typeOf(values)];
  return new Values(new SharedArrayBuffer(count * Values.BYTES_PER_ELEMENT));
}

export function bytesPer(type: ValueType): number {
  return valueTypes[type].BYTES_PER_ELEMENT;
}

/**
 * The numbers that some bytes of a file are, in shared memory; bytes that are there already are not
 * copied.
 *
 * @param bytes a whole number of values, wherever they start in their buffer
 * @param order of the file
 */
export function sharedValues(bytes: Uint8Array, type: ValueType, order: 'LE' | 'BE'): SharedValues {
  if (type === 'uint8' && isShared(bytes)) return bytes;
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  if (order !== endianness()) swap(Buffer.from(copy.buffer), bytesPer(type));
  const Values: SharedArray = valueTypes[type];
  return new Values(copy.buffer);
}

function swap(bytes: Buffer, width: number): void {
  if (width === 2) bytes.swap16();
  if (width === 4) bytes.swap32();
  if (width === 8) bytes.swap64();
}

function isShared(bytes: Uint8Array): bytes is Uint8Array<SharedArrayBuffer> {
  return bytes.buffer instanceof SharedArrayBuffer;
}
