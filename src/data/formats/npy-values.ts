import { LockstepError } from '../../protocol/index.js';
import type { SharedValues } from '../../protocol/index.js';
import { bytesPer, sharedLike, sharedValues } from '../values.js';
import type { ValueType } from '../values.js';

/** The values of a type of NumPy's that has no array of its own here. */
interface Widened {
  readonly bytes: number;
  /** What they become; integers must fit. */
  readonly as: 'int32' | 'float32';
  readonly read: (view: DataView, at: number, isLittle: boolean) => number | bigint;
}

/** By kind and size, as in NumPy's `dtype.str`. */
const types: Readonly<Record<string, ValueType | Widened>> = {
  // Not as bytes, which are levels of 255.
  b1: 'int8',
  u1: 'uint8',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  f4: 'float32',
  f8: 'float64',
  u2: { bytes: 2, as: 'int32', read: (view, at, isLittle) => view.getUint16(at, isLittle) },
  u4: { bytes: 4, as: 'int32', read: (view, at, isLittle) => view.getUint32(at, isLittle) },
  u8: { bytes: 8, as: 'int32', read: (view, at, isLittle) => view.getBigUint64(at, isLittle) },
  i8: { bytes: 8, as: 'int32', read: (view, at, isLittle) => view.getBigInt64(at, isLittle) },
  f2: { bytes: 2, as: 'float32', read: (view, at, isLittle) => half(view.getUint16(at, isLittle)) },
};

/** A type of NumPy's that is read. */
export interface NpyType {
  readonly bytes: number;
  /** Whether the values are kept as they stand in the file. */
  readonly isKept: boolean;
  /**
   * @param bytes a whole number of values
   * @param start their position in the file, for messages
   * @throws LockstepError `data` for an integer beyond 32 bits
   */
  readonly values: (bytes: Uint8Array, start: number, file: string) => SharedValues;
}

/** @param descr NumPy's `dtype.str`, for instance `<f4` @returns undefined for a type that is not read */
export function npyType(descr: string): NpyType | undefined {
  const [, order, name = ''] = /^([<>|=])([a-z]\d+)$/.exec(descr) ?? [];
  const type = Object.hasOwn(types, name) ? types[name]! : undefined;
  if (type === undefined) return undefined;
  const isLittle = order !== '>';
  if (typeof type === 'string') {
    const values = (bytes: Uint8Array) => sharedValues(bytes, type, isLittle ? 'LE' : 'BE');
    return { bytes: bytesPer(type), isKept: true, values };
  }
  return {
    bytes: type.bytes,
    isKept: false,
    values: (bytes, start, file) => widened(bytes, type, isLittle, { start, file }),
  };
}

function widened(
  bytes: Uint8Array,
  { bytes: size, as, read }: Widened,
  isLittle: boolean,
  { start, file }: { readonly start: number; readonly file: string },
): SharedValues {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const memory = new SharedArrayBuffer((4 * bytes.byteLength) / size);
  const values = as === 'int32' ? new Int32Array(memory) : new Float32Array(memory);
  for (let index = 0; index < values.length; index++) {
    const value = read(view, size * index, isLittle);
    values[index] = Number(value);
    if (as === 'float32' || BigInt(values[index]!) === BigInt(value)) continue;
    throw new LockstepError(
      'data',
      `Expected integers that fit in 32 bits in ${file}, got ${value} at byte ${start + size * index}.`,
      { hint: 'Save larger numbers as float64.' },
    );
  }
  return values;
}

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Values in Fortran order, the first axis fastest, in C order. */
export function inCOrder(values: SharedValues, shape: readonly number[]): SharedValues {
  const result = sharedLike(values, values.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  for (let to = 0, from = 0; to < values.length; to++) {
    result[to] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
