import { LockstepError } from '../protocol/index.js';
import type { TensorData, TensorMap } from '../protocol/index.js';

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

const headerAlignment = 8;

/**
 * Encodes float32 tensors in the safetensors format: a little-endian u64 header length, a JSON header
 * padded with spaces to 8 bytes, then the tensors' bytes in the header's order.
 * Format: https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(
  tensors: TensorMap,
  metadata: Readonly<Record<string, string>> = {},
): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
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
  if (file.byteLength < 8) throw corrupt(place, `got ${file.byteLength} bytes, no header`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const dataStart = 8 + headerLength;
  if (dataStart > file.byteLength) throw corrupt(place, `a header of ${headerLength} bytes is cut`);
  const header = parseHeader(file.subarray(8, dataStart), place);
  const tensors: Record<string, TensorData> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    tensors[name] = decodeTensor(file.subarray(dataStart), name, entry, place);
  }
  return tensors;
}

function parseHeader(bytes: Uint8Array, place: string): Record<string, HeaderEntry> {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, HeaderEntry>;
  } catch (cause) {
    throw corrupt(place, 'its header is not JSON', cause);
  }
}

function decodeTensor(
  data: Uint8Array,
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: HeaderEntry,
  place: string,
): TensorData {
  if (dtype !== 'F32') throw corrupt(place, `tensor ${name} has dtype ${dtype}, not F32`);
  const length = shape.reduce((product, size) => product * size, 1);
  if (end - begin !== length * 4 || end > data.byteLength) {
    throw corrupt(
      place,
      `tensor ${name} of shape [${shape.join(', ')}] has bytes ${begin}..${end}`,
    );
  }
  // Copied because a file's tensors need not start at multiples of four in memory.
  return { shape, values: new Float32Array(new Uint8Array(data.subarray(begin, end)).buffer) };
}

function corrupt(place: string, detail: string, cause?: unknown): LockstepError {
  return new LockstepError('data', `${place}: expected a safetensors file, but ${detail}`, {
    cause,
  });
}
