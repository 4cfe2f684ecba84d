import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { assembleDataset } from '../dataset.js';
import type { DataFile, Dataset, Part, ReadColumn } from '../dataset.js';
import { imageHeader } from '../images/header.js';
import type { ImageHeader } from '../images/header.js';
import { sharedMemory } from '../memory.js';
import { listFolder, readDataFile } from '../read-file.js';
import { sortNames } from '../sort-names.js';
import type { DataFormat } from './format.js';

const files =
  'a folder train, and if you like test, with a folder of PNG or JPEG images for each class';
const ending = /\.(png|jpe?g)$/i;
/** Images that would be left out without a word. */
const otherEnding = /\.(gif|bmp|webp|tiff?|ppm|pgm|avif|heic|jp2)$/i;

/** An image file of a split. */
interface ImageFile {
  readonly path: string;
  /** `class/name`. */
  readonly name: string;
  readonly label: number;
  readonly header: ImageHeader;
  readonly md5: string;
  readonly bytes: number;
}

/**
 * Images of one size, 8 bits a channel: `train/<class>/*.png`. The classes are the names of the folders, in
 * sorted order, and the examples are in the order of classes, then of names. Where any image has colour all
 * get three channels. Names that start with a dot do not count.
 */
export const images: DataFormat = {
  name: 'images',
  files,
  recognizes: (names) => names.has('train'),
  async load(folder) {
    const classes = await classFolders(join(folder, 'train'));
    const hasTest = existsSync(join(folder, 'test'));
    const train = await readHeaders(join(folder, 'train'), classes, false);
    const test = hasTest ? await readHeaders(join(folder, 'test'), classes, true) : [];
    const all = [...train, ...test];
    const [first] = all;
    if (first === undefined) throw nothingIn(join(folder, 'train'));
    const {
      header: { height, width },
      path,
    } = first;
    for (const { header, path: other } of all) {
      if (header.height === height && header.width === width) continue;
      throw new LockstepError(
        'data',
        `Expected images of ${width} x ${height} pixels, as ${path} has, got ${header.width} x ${header.height} in ${other}.`,
        { hint: 'Scale all images to one size.' },
      );
    }
    const channels = all.some(({ header }) => header.channels === 3) ? 3 : 1;
    const shape = [height, width, channels] as const;
    const columns = [
      ...(await columnsOf('train', train, shape, join(folder, 'train'))),
      ...(hasTest ? await columnsOf('test', test, shape, join(folder, 'test')) : []),
    ];
    const described = [describe('train', train), ...(hasTest ? [describe('test', test)] : [])];
    return {
      ...assembleDataset(
        basename(resolve(folder)),
        columns,
        described,
        hasTest ? undefined : 'folder test',
      ),
      classes,
    } satisfies Dataset;
  },
};

function nothingIn(folder: string): LockstepError {
  return new LockstepError('data', `Expected PNG or JPEG images in ${folder}, got none.`, {
    hint: `Keep ${files}.`,
  });
}

async function classFolders(folder: string): Promise<string[]> {
  await listFolder(folder, 'a folder for each class');
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !isHidden(entry.name));
  return sortNames(folders.map(({ name }) => name));
}

/** `.ipynb_checkpoints` is no class, and `._cat.png`, which macOS adds to archives, no image. */
function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** The names of a class's images, in order. */
async function imageNames(folder: string): Promise<string[]> {
  const names = [...(await listFolder(folder, 'images'))].filter((name) => !isHidden(name));
  const other = names.find((name) => otherEnding.test(name));
  if (other === undefined) return names.filter((name) => ending.test(name)).sort();
  throw new LockstepError('data', `Expected PNG or JPEG images in ${folder}, got ${other}.`, {
    hint: 'Convert it, or move it elsewhere.',
  });
}

/**
 * All images of a split, without their pixels.
 * @param classes that the split may have; those of `train` have images each
 */
async function readHeaders(
  folder: string,
  classes: readonly string[],
  mayLackClasses: boolean,
): Promise<ImageFile[]> {
  const here = await classFolders(folder);
  const unknown = here.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    throw new LockstepError(
      'data',
      `Expected the classes of the training images in ${folder} (${classes.join(', ')}), got ${unknown}.`,
      { hint: 'Have a folder of each class in train.' },
    );
  }
  const found: ImageFile[] = [];
  for (const [label, name] of classes.entries()) {
    if (!here.includes(name)) continue;
    const inClass = await imageNames(join(folder, name));
    if (inClass.length === 0 && !mayLackClasses) throw nothingIn(join(folder, name));
    for (const file of inClass) {
      const path = join(folder, name, file);
      const { content, md5, bytes } = await readDataFile(path);
      found.push({
        path,
        name: `${name}/${file}`,
        label,
        header: imageHeader(content, path),
        md5,
        bytes,
      });
    }
  }
  return found;
}

async function columnsOf(
  split: 'train' | 'test',
  list: readonly ImageFile[],
  shape: readonly [height: number, width: number, channels: 1 | 3],
  folder: string,
): Promise<(readonly [Part, ReadColumn])[]> {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const pixels = new Uint8Array(sharedMemory(list.length * size, `the images in ${folder}`));
  const labels = new Int32Array(sharedMemory(4 * list.length, folder));
  // Loaded where needed, as most runs read no images.
  const { createDecoder } = await import('../images/decode.js');
  const decode = createDecoder();
  for (const [index, { path, header, label }] of list.entries()) {
    const { content } = await readDataFile(path);
    const out = pixels.subarray(index * size, (index + 1) * size);
    await decode(content, header, path, channels, out);
    labels[index] = label;
  }
  const column = { count: list.length, file: folder, start: 0 };
  return [
    [`${split}.inputs`, { ...column, shape, values: pixels }],
    [`${split}.targets`, { ...column, shape: [], values: labels }],
  ];
}

/**
 * A split as one file: its MD5 is that of the lines `<MD5>  <class>/<name>` of all images, sorted by name,
 * as `md5sum` would write them.
 */
function describe(split: 'train' | 'test', list: readonly ImageFile[]): DataFile {
  const lines = list.map(({ name, md5 }) => ({ name, line: `${md5}  ${name}\n` }));
  lines.sort((a, b) => (a.name < b.name ? -1 : 1));
  const hash = createHash('md5');
  for (const { line } of lines) hash.update(line);
  return {
    name: split,
    md5: hash.digest('hex'),
    bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    holds: [`${split}.inputs`, `${split}.targets`],
  };
}
