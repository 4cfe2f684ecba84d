import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { idx } from '../../../src/data/formats/idx.js';
import { expectError } from '../../support/expect-error.js';
import { encodeIdx } from '../../support/idx-writer.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

/** Three training and two test examples of two labels each, of any shape and type. */
async function write(
  folder: string,
  changes: Readonly<Record<string, Uint8Array>> = {},
): Promise<void> {
  const files = {
    'train-images-idx3-ubyte': encodeIdx(0x08, [3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    'train-labels-idx1-ubyte': encodeIdx(0x08, [3], [0, 1, 1]),
    't10k-images-idx3-ubyte': encodeIdx(0x08, [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]),
    't10k-labels-idx1-ubyte': encodeIdx(0x08, [2], [1, 0]),
    ...changes,
  };
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    if (bytes.length > 0) await writeFile(join(folder, name), bytes);
  }
}

const none = new Uint8Array();
const colour = {
  'train-images-idx3-ubyte': none,
  't10k-images-idx3-ubyte': none,
  'train-images-idx4-ubyte': encodeIdx(
    0x08,
    [3, 1, 2, 3],
    Array.from({ length: 18 }, (_, i) => i),
  ),
  't10k-images-idx4-ubyte': encodeIdx(0x08, [2, 1, 2, 3], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2]),
};

describe('the idx format', () => {
  it('loads colour images', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder, colour);
      const { train, test, files } = await idx.load(folder);
      expect(train.inputs.shape).to.deep.equal([1, 2, 3]);
      expect(Array.from(test.inputs.values)).to.deep.equal([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2]);
      expect(files[0]!.name).to.equal('train-images-idx4-ubyte');
    }));

  it('loads 32-bit labels and float images or features', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder, {
        'train-labels-idx1-ubyte': none,
        'train-labels-idx1-int': encodeIdx(0x0c, [3], [0, 300, 2]),
        'train-images-idx3-ubyte': encodeIdx(0x0d, [3, 2], [0.5, -1, 2, 3, 4, 5]),
        't10k-images-idx3-ubyte': encodeIdx(0x0d, [2, 2], [1, 2, 3, 4]),
      });
      const { train } = await idx.load(folder);
      expect(Array.from(train.targets.values)).to.deep.equal([0, 300, 2]);
      expect(train.inputs.shape).to.deep.equal([2]);
      expect(train.inputs.values).to.be.instanceOf(Float32Array);
      expect(Array.from(train.inputs.values)).to.deep.equal([0.5, -1, 2, 3, 4, 5]);
    }));

  it('takes names that begin with the dataset’s, and test for t10k', () =>
    withTemporaryFolder(async (folder) => {
      const plain = encodeIdx(0x08, [3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      const moved = {
        'train-images-idx3-ubyte': none,
        'train-labels-idx1-ubyte': none,
        't10k-images-idx3-ubyte': none,
        't10k-labels-idx1-ubyte': none,
        'emnist-letters-train-images-idx3-ubyte': plain,
        'emnist-letters-train-labels-idx1-ubyte': encodeIdx(0x08, [3], [0, 1, 1]),
        'emnist-letters-test-images-idx3-ubyte': encodeIdx(0x08, [1, 2, 2], [1, 2, 3, 4]),
        'emnist-letters-test-labels-idx1-ubyte': encodeIdx(0x08, [1], [1]),
      };
      await write(folder, moved);
      const { train, test, files } = await idx.load(folder);
      expect([train.count, test.count]).to.deep.equal([3, 1]);
      expect(files[2]!.name).to.equal('emnist-letters-test-images-idx3-ubyte');
      await write(folder, { ...moved, 'emnist-digits-train-images-idx3-ubyte': plain });
      await expectError('data', /one file of train-images .*digits.* and .*letters/, () =>
        idx.load(folder),
      );
    }));

  it('takes the class from one of several columns of labels, as QMNIST has them', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder, {
        'train-labels-idx1-ubyte': none,
        't10k-labels-idx1-ubyte': none,
        'train-labels-idx2-int': encodeIdx(0x0c, [3, 2], [5, 900, 0, 901, 4, 902]),
        't10k-labels-idx2-int': encodeIdx(0x0c, [2, 2], [1, 7, 2, 8]),
      });
      const { train, test } = await idx.load(folder, { idx: { label: 0 } });
      expect(train.targets.shape).to.deep.equal([]);
      expect(Array.from(train.targets.values)).to.deep.equal([5, 0, 4]);
      expect(Array.from(test.targets.values)).to.deep.equal([1, 2]);
      const other = await idx.load(folder, { idx: { label: 1 } });
      expect(Array.from(other.train.targets.values)).to.deep.equal([900, 901, 902]);
      expect((await idx.load(folder)).train.targets.shape).to.deep.equal([2]);
      const { path } = await expectError('usage', /of shape \[3, 2\], got 2$/, () =>
        idx.load(folder, { idx: { label: 2 } }),
      );
      expect(path).to.deep.equal(['data', 'idx', 'label']);
    }));

  it('refuses files whose names begin with those of several datasets', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder, {
        't10k-images-idx3-ubyte': none,
        'kmnist-t10k-images-idx3-ubyte': encodeIdx(0x08, [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]),
      });
      await expectError(
        'data',
        /of one dataset in .*, got train-images-idx3-ubyte and kmnist-t10k-images-idx3-ubyte/,
        () => idx.load(folder),
      );
    }));

  const faults: Record<string, [changes: Record<string, Uint8Array>, message: RegExp]> = {
    'swapped files': [
      { 'train-images-idx3-ubyte': encodeIdx(0x08, [3], [0, 1, 1]) },
      /\[examples, height, width\].*train-images.*got \[3\]/,
    ],
    'images without pixels': [
      { 'train-images-idx3-ubyte': encodeIdx(0x08, [3, 0, 2], []) },
      /at least one number an example in .*got the shape \[3, 0, 2\]/,
    ],
    'numbers that are not finite': [
      {
        'train-images-idx3-ubyte': encodeIdx(0x0d, [3, 2], [0, 1, 2, 3, NaN, 5]),
        't10k-images-idx3-ubyte': encodeIdx(0x0d, [2, 2], [1, 2, 3, 4]),
      },
      /finite numbers in .*train-images.*got NaN at byte 28, in example 2/,
    ],
    'training and test images of different types': [
      { 'train-images-idx3-ubyte': encodeIdx(0x0d, [3, 2, 2], new Array<number>(12).fill(1)) },
      /test examples of 2 x 2 x 1 float32.*got 2 x 2 x 1 uint8/,
    ],
    'two files of one part': [
      { 'train-images-idx4-ubyte': colour['train-images-idx4-ubyte'] },
      /one file of train-images in .*got train-images-idx3-ubyte and train-images-idx4-ubyte/,
    ],
  };
  for (const [fault, [changes, message]] of Object.entries(faults)) {
    it(`refuses ${fault}`, () =>
      withTemporaryFolder(async (folder) => {
        await write(folder, changes);
        await expectError('data', message, () => idx.load(folder));
      }));
  }
});
