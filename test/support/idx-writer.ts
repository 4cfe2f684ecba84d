import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Images and labels to write as IDX files. */
export interface IdxExamples {
  /** `[count, rows, cols]` uint8. */
  readonly images: Uint8Array;
  /** `[count]` uint8. */
  readonly labels: Uint8Array;
  readonly rows: number;
  readonly cols: number;
}

/** An IDX3 file of uint8 images; the count follows from the pixels unless `count` overrides it. */
export function encodeIdxImages(
  pixels: Uint8Array,
  rows: number,
  cols: number,
  count = pixels.length / (rows * cols),
): Uint8Array {
  return encode(0x00000803, [count, rows, cols], pixels);
}

/** An IDX1 file of uint8 labels. */
export function encodeIdxLabels(labels: Uint8Array, count = labels.length): Uint8Array {
  return encode(0x00000801, [count], labels);
}

/** Writes the four files of a dataset as MNIST names them, with `.gz` appended when packed. */
export async function writeIdxDataset(
  folder: string,
  { train, test }: { readonly train: IdxExamples; readonly test: IdxExamples },
  { gzip = false }: { readonly gzip?: boolean } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = {
    'train-images-idx3-ubyte': encodeIdxImages(train.images, train.rows, train.cols),
    'train-labels-idx1-ubyte': encodeIdxLabels(train.labels),
    't10k-images-idx3-ubyte': encodeIdxImages(test.images, test.rows, test.cols),
    't10k-labels-idx1-ubyte': encodeIdxLabels(test.labels),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(
      join(folder, gzip ? `${name}.gz` : name),
      gzip ? gzipSync(bytes, { level: 1 }) : bytes,
    );
  }
}

/** An IDX file of any type, by its code, and shape. */
export function encodeIdx(
  type: 0x08 | 0x09 | 0x0b | 0x0c | 0x0d | 0x0e,
  shape: readonly number[],
  numbers: readonly number[],
): Uint8Array {
  const size = { 0x08: 1, 0x09: 1, 0x0b: 2, 0x0c: 4, 0x0d: 4, 0x0e: 8 }[type];
  const payload = new DataView(new ArrayBuffer(size * numbers.length));
  numbers.forEach((number, index) => {
    const at = index * size;
    if (type === 0x08) payload.setUint8(at, number);
    if (type === 0x09) payload.setInt8(at, number);
    if (type === 0x0b) payload.setInt16(at, number);
    if (type === 0x0c) payload.setInt32(at, number);
    if (type === 0x0d) payload.setFloat32(at, number);
    if (type === 0x0e) payload.setFloat64(at, number);
  });
  return encode(type * 256 + shape.length, shape, new Uint8Array(payload.buffer));
}

function encode(magic: number, dimensions: readonly number[], payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  dimensions.forEach((dimension, index) => {
    view.setUint32(4 + 4 * index, dimension);
  });
  bytes.set(payload, 4 + 4 * dimensions.length);
  return bytes;
}
