import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LockstepError } from '../protocol/index.js';

/** Magic numbers of the two IDX layouts: two zero bytes, 0x08 for uint8, the number of dimensions. */
export const idxMagic = { images: 0x00000803, labels: 0x00000801 } as const;

/** Images of one IDX file. */
export interface IdxImages {
  readonly count: number;
  /** Height in pixels. */
  readonly rows: number;
  /** Width in pixels. */
  readonly cols: number;
  /** `[count, rows, cols]` uint8; a view of the file's bytes. */
  readonly pixels: Uint8Array;
}

/** Labels of one IDX file. */
export interface IdxLabels {
  readonly count: number;
  /** `[count]` uint8; a view of the file's bytes. */
  readonly labels: Uint8Array;
}

/** An IDX file as it lies on disk, and its content. */
export interface IdxFile {
  /** The file's name without its folder. */
  readonly name: string;
  /** MD5 of the file as stored (of the `.gz` where it is one), 32 hexadecimal digits. */
  readonly md5: string;
  /** Size of the file as stored. */
  readonly bytes: number;
  /** The IDX bytes, unpacked. */
  readonly content: Uint8Array;
}

const otherCopyHint = 'Replace the file with an intact copy.';

/**
 * Reads a file and unpacks it when it starts as gzip does, whatever its name: downloads keep or
 * lose `.gz` at the whim of the tool that made them.
 *
 * @throws LockstepError `data` when the file cannot be read or its gzip stream is corrupt
 */
export async function readIdxFile(path: string): Promise<IdxFile> {
  const name = basename(path);
  const stored = await readStored(path);
  const md5 = createHash('md5').update(stored).digest('hex');
  const content = isGzip(stored) ? await unpack(stored, path) : stored;
  return { name, md5, bytes: stored.byteLength, content };
}

/**
 * Parses IDX images (`idx3-ubyte`): big-endian magic, count, rows and columns, then the pixels.
 *
 * @param file what error messages call the content
 * @throws LockstepError `data` unless the header is sound and the size is exactly what it says
 */
export function parseIdxImages(content: Uint8Array, file: string): IdxImages {
  const [count, rows, cols] = parseHeader(content, file, 'images', 3);
  if (rows === 0 || cols === 0) {
    throw new LockstepError(
      'data',
      `Expected images of at least 1 x 1 pixels in ${file}, got ${rows} x ${cols}.`,
      { hint: otherCopyHint },
    );
  }
  return { count, rows, cols, pixels: payload(content, file, [count, rows, cols]) };
}

/**
 * Parses IDX labels (`idx1-ubyte`): big-endian magic and count, then one byte a label.
 *
 * @param file what error messages call the content
 * @throws LockstepError `data` unless the header is sound and the size is exactly what it says
 */
export function parseIdxLabels(content: Uint8Array, file: string): IdxLabels {
  const [count] = parseHeader(content, file, 'labels', 1);
  return { count, labels: payload(content, file, [count]) };
}

/** The file's bytes in shared memory, so that the pixels of one that is not packed need no copy. */
async function readStored(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(new SharedArrayBuffer(size));
      let end = 0;
      for (let read = size; read > 0 && end < size; end += read) {
        // Once is enough, mostly: what reads a file in pieces spends more time between them.
        read = (await file.read(bytes, end, Math.min(size - end, 2 ** 30), end)).bytesRead;
      }
      return bytes.subarray(0, end);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new LockstepError(
      'data',
      `Expected to read ${path}, got ${cause instanceof Error ? cause.message : String(cause)}.`,
      { hint: 'Check that the path is a file and that you may read it.', cause },
    );
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function unpack(stored: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(stored);
  } catch (cause) {
    throw new LockstepError(
      'data',
      `Expected an intact gzip stream in ${path}, got "${cause instanceof Error ? cause.message : String(cause)}" after ${stored.byteLength} bytes.`,
      { hint: otherCopyHint, cause },
    );
  }
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
