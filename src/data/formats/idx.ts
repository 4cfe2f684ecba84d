import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { shareBytes } from '../column.js';
import { assembleDataset, parts } from '../dataset.js';
import type { Dataset, Part, ReadColumn } from '../dataset.js';
import { describeFile, listFolder, otherCopyHint, readDataFile } from '../read-file.js';
import type { StoredFile } from '../read-file.js';
import type { DataFormat } from './format.js';

/** How MNIST and its relatives name the file of each part. */
const stems: Readonly<Record<Part, readonly [part: string, format: string]>> = {
  'train.inputs': ['train-images', 'idx3-ubyte'],
  'train.targets': ['train-labels', 'idx1-ubyte'],
  'test.inputs': ['t10k-images', 'idx3-ubyte'],
  'test.targets': ['t10k-labels', 'idx1-ubyte'],
};
const files = `${Object.values(stems)
  .map(([part, format]) => `${part}-${format}`)
  .join(', ')} (plain or .gz)`;

/** The four IDX files of MNIST and its relatives. */
export const idx: DataFormat = {
  name: 'idx',
  files,
  recognizes: (names) => Object.values(stems).some((stem) => nameOf(stem, names) !== undefined),
  async load(folder) {
    return idxDataset(basename(resolve(folder)), await readIdxFiles(folder));
  },
};

/** The four files of a folder, by what they hold. */
export type IdxFiles = Readonly<Record<Part, StoredFile>>;

/**
 * Reads the four IDX files of a folder, spelled `train-images-idx3-ubyte` or
 * `train-images.idx3-ubyte`, plain or `.gz`; plain wins where both are there.
 *
 * @throws LockstepError `data` when the folder cannot be listed or a file is missing or unreadable
 */
export async function readIdxFiles(folder: string): Promise<IdxFiles> {
  const names = await listFolder(folder, files);
  const missing = parts.filter((part) => nameOf(stems[part], names) === undefined);
  if (missing.length > 0) {
    const wanted = missing.map((part) => `one of ${spellings(stems[part]).join(', ')}`).join('; ');
    throw new LockstepError('data', `Expected in ${folder}: ${wanted}; got none of them.`, {
      hint: 'Put the four IDX files of the dataset, plain or .gz, in one folder.',
    });
  }
  const read = await Promise.all(
    parts.map(
      async (part) =>
        [part, await readDataFile(join(folder, nameOf(stems[part], names)!))] as const,
    ),
  );
  return Object.fromEntries(read) as IdxFiles;
}

/** @throws LockstepError `data` when a file is no sound IDX file, or at odds with another */
export function idxDataset(name: string, files: IdxFiles): Dataset {
  const columns = parts.map((part): [Part, ReadColumn] => {
    const { content, path } = files[part];
    const parse = part.endsWith('.inputs') ? parseIdxImages : parseIdxLabels;
    return [part, { ...parse(content, path), file: path }];
  });
  return assembleDataset(
    name,
    Object.fromEntries(columns) as Record<Part, ReadColumn>,
    parts.map((part) => describeFile(files[part], [part])),
  );
}

function spellings([part, format]: readonly [part: string, format: string]): string[] {
  return [`${part}-${format}`, `${part}.${format}`].flatMap((name) => [name, `${name}.gz`]);
}

function nameOf(
  stem: readonly [part: string, format: string],
  names: ReadonlySet<string>,
): string | undefined {
  return spellings(stem).find((name) => names.has(name));
}

/** Magic numbers of the two IDX layouts: two zero bytes, 0x08 for uint8, the number of dimensions. */
export const idxMagic = { images: 0x00000803, labels: 0x00000801 } as const;

/** What one IDX file holds. */
export type IdxColumn = Omit<ReadColumn, 'file'>;

/**
 * Parses IDX images (`idx3-ubyte`): big-endian magic, count, rows and columns, then the pixels.
 *
 * @param file what error messages call the content
 * @throws LockstepError `data` unless the header is sound and the size is exactly what it says
 */
export function parseIdxImages(content: Uint8Array, file: string): IdxColumn {
  const [count, rows, cols] = parseHeader(content, file, 'images', 3);
  if (rows === 0 || cols === 0) {
    throw new LockstepError(
      'data',
      `Expected images of at least 1 x 1 pixels in ${file}, got ${rows} x ${cols}.`,
      { hint: otherCopyHint },
    );
  }
  const values = shareBytes(payload(content, file, [count, rows, cols]));
  return { count, shape: [rows, cols, 1], values };
}

/**
 * Parses IDX labels (`idx1-ubyte`): big-endian magic and count, then one byte a label.
 *
 * @param file what error messages call the content
 * @throws LockstepError `data` unless the header is sound and the size is exactly what it says
 */
export function parseIdxLabels(content: Uint8Array, file: string): IdxColumn {
  const [count] = parseHeader(content, file, 'labels', 1);
  return { count, shape: [], values: shareBytes(payload(content, file, [count])) };
}

type Dimensions = readonly [number, number, number];

/** Checks the magic number and reads the big-endian dimensions; absent ones are 1. */
function parseHeader(
  content: Uint8Array,
  file: string,
  kind: keyof typeof idxMagic,
  dimensions: 1 | 3,
): Dimensions {
  const headerBytes = 4 + 4 * dimensions;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const magic = content.byteLength >= 4 ? view.getUint32(0) : undefined;
  if (magic !== undefined && magic !== idxMagic[kind]) {
    throw new LockstepError(
      'data',
      `Expected IDX ${kind} (magic ${hex(idxMagic[kind])}) in ${file}, got magic ${hex(magic)}.`,
      { hint: magicHint(magic) },
    );
  }
  if (content.byteLength < headerBytes) {
    throw new LockstepError(
      'data',
      `Expected an IDX header of ${headerBytes} bytes in ${file}, got ${content.byteLength} bytes.`,
      { hint: otherCopyHint },
    );
  }
  const dimension = (index: number) => (index < dimensions ? view.getUint32(4 + 4 * index) : 1);
  return [dimension(0), dimension(1), dimension(2)];
}

function magicHint(magic: number): string {
  if (magic === idxMagic.images) return 'These are images: the files were probably swapped.';
  if (magic === idxMagic.labels) return 'These are labels: the files were probably swapped.';
  return 'Use unsigned-byte IDX files, plain or .gz, as MNIST has them.';
}

function payload(content: Uint8Array, file: string, shape: readonly number[]): Uint8Array {
  const headerBytes = 4 + 4 * shape.length;
  const expected = headerBytes + shape.reduce((product, size) => product * size, 1);
  if (content.byteLength !== expected) {
    const difference = content.byteLength - expected;
    throw new LockstepError(
      'data',
      `Expected ${expected} bytes in ${file} as its header says (${headerBytes} + ${shape.join(' x ')}), got ${content.byteLength}: ${Math.abs(difference)} ${difference < 0 ? 'missing' : 'trailing'}.`,
      { hint: otherCopyHint },
    );
  }
  return content.subarray(headerBytes);
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`;
}
