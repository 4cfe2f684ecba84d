import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitNames } from '../../protocol/index.js';
import type { Column, LinearScaling, SharedValues, Shape } from '../../protocol/index.js';
import type { VariantData } from '../backend.js';

/** A NumPy file, as programs are told of it. */
export interface ArrayFile {
  readonly path: string;
  readonly shape: Shape;
  readonly dtype: string;
}

/** What a program reads its examples from. */
export interface DataFiles {
  readonly splits: Readonly<Record<string, { inputs: ArrayFile; targets: ArrayFile }>>;
  /** Offset and scale of each input value, by the name of the scaling. */
  readonly scalings: Readonly<Record<string, { offset: ArrayFile; scale: ArrayFile }>>;
}

type Values = SharedValues | Float64Array;

/** NumPy's names of the types that splits have. */
const dtypes: Readonly<Record<string, readonly [name: string, code: string]>> = {
  Uint8Array: ['uint8', '|u1'],
  Int8Array: ['int8', '|i1'],
  Int16Array: ['int16', '<i2'],
  Int32Array: ['int32', '<i4'],
  Float32Array: ['float32', '<f4'],
  Float64Array: ['float64', '<f8'],
};

export function dtypeOf(values: Values): string {
  return dtypes[values.constructor.name]![0];
}

/** Writes all splits and scalings as NumPy files. */
export async function writeDataFiles(folder: string, data: VariantData): Promise<DataFiles> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const splits: [string, { inputs: ArrayFile; targets: ArrayFile }][] = [];
  for (const name of splitNames) {
    const { inputs, targets, count } = data.splits[name];
    const file = (part: string, { values, shape }: Column) =>
      writeArray(join(folder, `${name}.${part}.npy`), values, [count, ...shape]);
    const files = { inputs: await file('inputs', inputs), targets: await file('targets', targets) };
    splits.push([name, files]);
  }
  const scalings: [string, { offset: ArrayFile; scale: ArrayFile }][] = [];
  for (const [name, scaling] of data.scalings) {
    if (scaling !== undefined) scalings.push([name, await writeScaling(folder, name, scaling)]);
  }
  return { splits: Object.fromEntries(splits), scalings: Object.fromEntries(scalings) };
}

async function writeScaling(folder: string, name: string, { offset, scale }: LinearScaling) {
  const file = (part: string, values: Float64Array) =>
    writeArray(join(folder, `${name}.${part}.npy`), values, [values.length]);
  return { offset: await file('offset', offset), scale: await file('scale', scale) };
}

async function writeArray(path: string, values: Values, shape: Shape): Promise<ArrayFile> {
  const [dtype, code] = dtypes[values.constructor.name]!;
  const size = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${code}', 'fortran_order': False, 'shape': (${size}), }`;
  // Magic, version and length are 10 bytes; the header ends with a newline at a multiple of 64.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const start = Buffer.from('\x93NUMPY\x01\x00__', 'latin1');
  start.writeUInt16LE(length, 8);
  const header = Buffer.concat([start, Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1')]);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  await writeFile(path, [header, bytes]);
  return { path, shape, dtype };
}

/** The values of some examples, one after the other, in base64. */
export function encodeRows({ values, shape }: Column, indices: Int32Array): string {
  const width = shape.reduce((product, size) => product * size, 1) * values.BYTES_PER_ELEMENT;
  const all = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const rows = Buffer.alloc(indices.length * width);
  for (const [row, index] of indices.entries()) {
    rows.set(all.subarray(index * width, (index + 1) * width), row * width);
  }
  return rows.toString('base64');
}
