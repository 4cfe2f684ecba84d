import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { filesOf, parts } from '../../../src/data/dataset.js';
import { npy } from '../../../src/data/formats/npy.js';
import { expectError } from '../../support/expect-error.js';
import { encodeNpy, writeNpyDataset } from '../../support/npy-writer.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const dataset = {
  x_train: encodeNpy('<f4', [3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -0.5]),
  y_train: encodeNpy('<i4', [3, 1], [0, 2, 1]),
  x_test: encodeNpy('<f4', [1, 2, 2], [1, 2, 3, 4]),
  y_test: encodeNpy('<i4', [1], [2]),
};

describe('the npy format', () => {
  it('loads four arrays, whose files it names by what they hold', () =>
    withTemporaryFolder(async (folder) => {
      await writeNpyDataset(folder, dataset);
      const loaded = await npy.load(folder);
      expect(loaded.train.count).to.equal(3);
      expect(loaded.train.inputs.shape).to.deep.equal([2, 2, 1]);
      expect(loaded.train.inputs.values[11]).to.equal(-0.5);
      expect(loaded.train.targets.shape).to.deep.equal([]);
      expect(Array.from(loaded.train.targets.values)).to.deep.equal([0, 2, 1]);
      expect(parts.map((part) => filesOf(loaded, part)[0]?.name)).to.deep.equal([
        'x_train.npy',
        'y_train.npy',
        'x_test.npy',
        'y_test.npy',
      ]);
    }));

  it('names what the folder lacks', () =>
    withTemporaryFolder(async (folder) => {
      await writeNpyDataset(folder, dataset);
      await rm(join(folder, 'y_test.npy'));
      expect(npy.recognizes(new Set(['x_train.npy']))).to.equal(true);
      await expectError('data', /: y_test\.npy; got none/, () => npy.load(folder));
    }));

  it('does without test data', () =>
    withTemporaryFolder(async (folder) => {
      await writeNpyDataset(folder, dataset);
      for (const name of ['x_test.npy', 'y_test.npy']) await rm(join(folder, name));
      const { train, test, withoutTest } = await npy.load(folder);
      expect([train.count, test.count]).to.deep.equal([3, 0]);
      expect(withoutTest).to.equal('x_test.npy and y_test.npy');
    }));

  it('refuses labels that do not fit the inputs', () =>
    withTemporaryFolder(async (folder) => {
      await writeNpyDataset(folder, { ...dataset, y_train: encodeNpy('<i4', [2], [0, 1]) });
      await expectError('data', /x_train\.npy has 3 examples, .*y_train\.npy has 2 labels/, () =>
        npy.load(folder),
      );
      await writeNpyDataset(folder, { ...dataset, x_train: encodeNpy('<f4', [3], [0, 1, 2]) });
      await expectError('data', /\[examples, height, width\].*x_train\.npy, got \[3\]/, () =>
        npy.load(folder),
      );
    }));
});
