import { LockstepError } from '../protocol/index.js';
import type { TensorData, TensorMap } from '../protocol/index.js';

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

const headerAlignment = 8;

/** Bytes of an element, by the dtypes that Lockstep writes. */
const elementBytes = { F32: 4, U8: 1 } as const;
type Dtype = keyof typeof elementBytes;

/** A named tensor to be written: float32 or uint8, row-major. */
export interface EncodableTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Uint8Array;
}

/** A file's tensors as bytes, and its metadata. */
interface DecodedFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly {
    readonly name: string;
    readonly dtype: Dtype;
    readonly shape: readonly number[];
    /** A copy, because a file's tensors need not start at multiples of four in memory. */
    readonly bytes: Uint8Array<ArrayBuffer>;
  }[];
}

/**
 * Encodes tensors in the safetensors format: a little-endian u64 header length, a JSON header padded
 * with spaces to 8 bytes, then the tensors' bytes in the header's order.
 * Format: https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, EncodableTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const dtype: Dtype = values instanceof Float32Array ? 'F32' : 'U8';
    header[name] = { dtype, shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / headerAlignment) * headerAlignment;
  const file = Buffer.alloc(8 + headerLength + offset, ' ');
  file.writeBigUInt64LE(BigInt(headerLength), 0);
  json.copy(file, 8);
  let position = 8 + headerLength;
  for (const { values } of Object.values(tensors)) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position);
    position += values.byteLength;
  }
  return file;
}

/**
 * Decodes a file of float32 tensors.
 * @param place the file's path, for errors
 * @throws LockstepError `data` when the file is truncated, inconsistent or of another dtype
 */
export function decodeSafetensors(file: Uint8Array, place: string): TensorMap {
  const { tensors } = decode(file, ['F32'], place);
  return Object.fromEntries(
    tensors.map(({ name, shape, bytes }): [string, TensorData] => [
      name,
      { shape, values: new Float32Array(bytes.buffer) },
    ]),
  );
}

/** As {@link decodeSafetensors}, of a file of uint8 and float32 vectors, with the file's metadata. */
export function decodeVectors(
  file: Uint8Array,
  place: string,
): {
  readonly metadata: Readonly<Record<string, string>>;
  readonly bytes: Readonly<Record<string, Uint8Array>>;
  readonly floats: Readonly<Record<string, Float32Array>>;
} {
  const { metadata, tensors } = decode(file, ['U8', 'F32'], place);
  const bytes = tensors.filter(({ dtype }) => dtype === 'U8');
  const floats = tensors.filter(({ dtype }) => dtype === 'F32');
  return {
    metadata,
    bytes: Object.fromEntries(bytes.map(({ name, bytes }) => [name, bytes])),
    floats: Object.fromEntries(
      floats.map(({ name, bytes }) => [name, new Float32Array(bytes.buffer)]),
    ),
  };
}

function decode(file: Uint8Array, wanted: readonly Dtype[], place: string): DecodedFile {
  if (file.byteLength < 8) throw corrupt(place, `got ${file.byteLength} bytes, no header`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const dataStart = 8 + headerLength;
  if (dataStart > file.byteLength) throw corrupt(place, `a header of ${headerLength} bytes is cut`);
  const { __metadata__: metadata, ...header } = parseHeader(file.subarray(8, dataStart), place);
  const data = file.subarray(dataStart);
  const tensors = Object.entries(header).map(([name, entry]) => {
    if (!isEntry(entry)) throw corrupt(place, `tensor ${name} has no dtype, shape and offsets`);
    const dtype = wanted.find((one) => one === entry.dtype);
    if (dtype === undefined) {
      throw corrupt(place, `tensor ${name} has dtype ${entry.dtype}, not ${wanted.join(' or ')}`);
    }
    return { name, dtype, shape: entry.shape, bytes: bytesOf(data, name, entry, place) };
  });
  return { metadata: (metadata ?? {}) as Record<string, string>, tensors };
}

function bytesOf(
  data: Uint8Array,
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: HeaderEntry,
  place: string,
): Uint8Array<ArrayBuffer> {
  const length = shape.reduce((product, size) => product * size, elementBytes[dtype as Dtype]);
  if (end - begin !== length || end > data.byteLength) {
    throw corrupt(
      place,
      `tensor ${name} of shape [${shape.join(', ')}] has bytes ${begin}..${end}`,
    );
  }
  return new Uint8Array(data.subarray(begin, end));
}

function parseHeader(bytes: Uint8Array, place: string): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw corrupt(place, 'its header is not JSON', cause);
  }
  if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  throw corrupt(place, 'its header is not a map');
}

function isEntry(value: unknown): value is HeaderEntry {
  const { dtype, shape, data_offsets } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(data_offsets)) return false;
  const [begin, end, ...others] = data_offsets;
  return begin !== undefined && end !== undefined && begin <= end && others.length === 0;
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function corrupt(place: string, detail: string, cause?: unknown): LockstepError {
  return new LockstepError('data', `${place}: expected a safetensors file, but ${detail}`, {
    cause,
  });
}
