import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { cifar100 } from '../../../src/data/formats/cifar100.js';
import { expectError } from '../../support/expect-error.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const record = (coarse: number, fine: number, ...planes: readonly number[]) => [
  coarse,
  fine,
  ...planes.flatMap((value) => new Array<number>(1024).fill(value)),
];

describe('the cifar100 format', () => {
  it('takes the fine labels, or the coarse ones, and the channels last', () =>
    withTemporaryFolder(async (folder) => {
      const train = [...record(19, 99, 1, 2, 3), ...record(0, 5, 4, 5, 6)];
      await writeFile(join(folder, 'train.bin'), Uint8Array.from(train));
      const fine = await cifar100.load(folder);
      expect(fine.withoutTest).to.equal('test.bin');
      await writeFile(join(folder, 'test.bin'), Uint8Array.from(record(7, 42, 7, 8, 9)));
      expect(Array.from(fine.train.targets.values)).to.deep.equal([99, 5]);
      expect(fine.train.inputs.shape).to.deep.equal([32, 32, 3]);
      expect(Array.from(fine.train.inputs.values.subarray(3072, 3075))).to.deep.equal([4, 5, 6]);
      const coarse = await cifar100.load(folder, { cifar100: { labels: 'coarse' } });
      expect(Array.from(coarse.train.targets.values)).to.deep.equal([19, 0]);
      expect(Array.from(coarse.test.targets.values)).to.deep.equal([7]);
    }));

  it('names the byte of a label that is no class', () =>
    withTemporaryFolder(async (folder) => {
      const train = [...record(0, 0, 1, 2, 3), ...record(20, 100, 4, 5, 6)];
      await writeFile(join(folder, 'train.bin'), Uint8Array.from(train));
      await expectError('data', /below 100 at byte 3075 of .*train\.bin, got 100/, () =>
        cifar100.load(folder),
      );
      await expectError('data', /below 20 at byte 3074 of .*train\.bin, got 20/, () =>
        cifar100.load(folder, { cifar100: { labels: 'coarse' } }),
      );
    }));
});
