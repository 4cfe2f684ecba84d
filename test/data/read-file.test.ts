import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { describeFile, readDataFile } from '../../src/data/read-file.js';
import { expectError } from '../support/expect-error.js';
import { encodeIdxLabels } from '../support/idx-writer.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const labels = encodeIdxLabels(Uint8Array.of(3, 1, 4));

describe('readDataFile', () => {
  it('unpacks gzip by its content, and describes the file as stored', () =>
    withTemporaryFolder(async (folder) => {
      const packed = gzipSync(labels);
      for (const name of ['labels.gz', 'labels-without-suffix']) {
        await writeFile(join(folder, name), packed);
        const file = await readDataFile(join(folder, name));
        expect(describeFile(file, ['test.targets'])).to.deep.include({
          name,
          holds: ['test.targets'],
        });
        expect(file.bytes).to.equal(packed.length);
        expect(file.md5).to.equal(createHash('md5').update(packed).digest('hex'));
        expect(Uint8Array.from(file.content)).to.deep.equal(labels);
      }
    }));

  it('refuses gzip that is cut short or whose checksum is off', () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, 'labels.gz');
      const packed = gzipSync(labels);
      await writeFile(path, packed.subarray(0, packed.length - 9));
      const error = await expectError('data', path, () => readDataFile(path));
      expect(error.hint).to.include('intact');
      packed[packed.length - 8]! ^= 1;
      await writeFile(path, packed);
      await expectError('data', 'intact gzip', () => readDataFile(path));
    }));

  it('reports what the file system refuses as data errors', () =>
    withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'folder'));
      await expectError('data', 'EISDIR', () => readDataFile(join(folder, 'folder')));
      await expectError('data', 'ENOENT', () => readDataFile(join(folder, 'none')));
    }));

  it('reports a file it may not read', function () {
    // The superuser may read everything.
    if (process.getuid?.() === 0 || process.platform === 'win32') this.skip();
    return withTemporaryFolder(async (folder) => {
      const path = join(folder, 'secret');
      await writeFile(path, labels);
      await chmod(path, 0);
      await expectError('data', 'EACCES', () => readDataFile(path));
    });
  });
});
