import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { npz } from '../../../src/data/formats/npz.js';
import { LockstepError } from '../../../src/protocol/index.js';
import { expectError } from '../../support/expect-error.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

// scripts/goldens/npz.py makes it, with NumPy.
const golden = JSON.parse(readFileSync('test/data/formats/npz.golden.json', 'utf8')) as Readonly<
  Record<'stored' | 'compressed' | 'trainOnly' | 'incomplete', string>
> & { readonly x_train: readonly number[] };

const load = (content: Uint8Array) =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'data.npz'), content);
    return npz.load(folder);
  });
const bytesOf = (name: 'stored' | 'compressed' | 'trainOnly' | 'incomplete') =>
  Buffer.from(golden[name], 'base64');

describe('the npz format', () => {
  for (const name of ['stored', 'compressed'] as const) {
    it(`loads the arrays of an archive that NumPy saved (${name})`, async () => {
      const { train, test, files } = await load(bytesOf(name));
      expect(train.inputs.shape).to.deep.equal([2, 2, 1]);
      expect(Array.from(train.inputs.values)).to.deep.equal(golden.x_train);
      expect(Array.from(train.targets.values)).to.deep.equal([0, 2, 1]);
      expect(Array.from(test.targets.values)).to.deep.equal([2]);
      expect(files).to.have.length(1);
      expect(files[0]!.holds).to.have.length(4);
    });
  }

  it('does without test data, but not with half of them', async () => {
    const { test, withoutTest } = await load(bytesOf('trainOnly'));
    expect(test.count).to.equal(0);
    expect(withoutTest).to.equal('x_test.npy and y_test.npy');
    await expectError('data', /Expected in .*data\.npz: y_test; got x_train, /, () =>
      load(bytesOf('incomplete')),
    );
  });

  it('refuses none, several, and what is no archive', () =>
    withTemporaryFolder(async (folder) => {
      await expectError('data', /got none\.$/, () => npz.load(folder));
      await writeFile(join(folder, 'a.npz'), 'no archive');
      await expectError('data', /intact zip archive in .*a\.npz, got ".*" in 10 bytes/, () =>
        npz.load(folder),
      );
      await writeFile(join(folder, 'b.npz'), '');
      await expectError('data', /got a\.npz, b\.npz/, () => npz.load(folder));
    }));

  it('loads the same from an archive with a changed byte, or refuses it as data', async () => {
    const whole = bytesOf('compressed');
    const { train } = await load(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const changed = Buffer.from(whole);
          changed[at]! ^= flip;
          try {
            const loaded = await load(changed);
            expect(loaded.train).to.deep.equal(train);
          } catch (error) {
            if (!(error instanceof LockstepError)) throw error;
            expect(error.code).to.equal('data');
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
