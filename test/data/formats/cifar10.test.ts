import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { filesOf } from '../../../src/data/dataset.js';
import { cifar10 } from '../../../src/data/formats/cifar10.js';
import { expectError } from '../../support/expect-error.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const trainNames = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);

/** A picture whose planes are all of one value each. */
function record(label: number, red: number, green: number, blue: number): number[] {
  return [label, ...[red, green, blue].flatMap((value) => new Array<number>(1024).fill(value))];
}

async function write(folder: string): Promise<void> {
  for (const [index, name] of trainNames.entries()) {
    await writeFile(
      join(folder, name),
      Uint8Array.from([...record(index, index, 100, 200), ...record(9, 50 + index, 60, 70)]),
    );
  }
  const topLeft = record(4, 1, 2, 3);
  topLeft[1] = 255;
  await writeFile(join(folder, 'test_batch.bin'), Uint8Array.from(topLeft));
}

describe('the cifar10 format', () => {
  it('joins the training batches in order, with channels last', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder);
      const dataset = await cifar10.load(folder);
      const { train, test } = dataset;
      expect(train.count).to.equal(10);
      expect(train.inputs.shape).to.deep.equal([32, 32, 3]);
      expect(Array.from(train.targets.values)).to.deep.equal([0, 9, 1, 9, 2, 9, 3, 9, 4, 9]);
      const third = train.inputs.values.subarray(2 * 3072, 3 * 3072);
      expect(Array.from(third.subarray(0, 6))).to.deep.equal([1, 100, 200, 1, 100, 200]);
      expect(Array.from(third.subarray(-3))).to.deep.equal([1, 100, 200]);
      expect(Array.from(test.inputs.values.subarray(0, 6))).to.deep.equal([255, 2, 3, 1, 2, 3]);
      expect(filesOf(dataset, 'train.targets').map(({ name }) => name)).to.deep.equal(trainNames);
      expect(filesOf(dataset, 'test.inputs').map(({ name }) => name)).to.deep.equal([
        'test_batch.bin',
      ]);
    }));

  it('names what is missing, cut short or no CIFAR-10', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder);
      await rm(join(folder, 'data_batch_3.bin'));
      await expectError('data', /: data_batch_3\.bin; got none/, () => cifar10.load(folder));
      await write(folder);
      await writeFile(
        join(folder, 'data_batch_3.bin'),
        Uint8Array.from(record(1, 2, 3, 4).slice(1)),
      );
      await expectError('data', /records of 3073 bytes in .*data_batch_3\.bin, got 3072/, () =>
        cifar10.load(folder),
      );
      await write(folder);
      const odd = [...record(0, 1, 2, 3), ...record(10, 1, 2, 3)];
      await writeFile(join(folder, 'test_batch.bin'), Uint8Array.from(odd));
      await expectError('data', /below 10 at byte 3073 of .*test_batch\.bin, got 10/, () =>
        cifar10.load(folder),
      );
    }));
});
