import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeAtomic, writeJsonAtomic } from '../../src/files/write-atomic.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('writeAtomic', () => {
  it('replaces a file and leaves nothing else behind', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'a.json');
      await writeFile(path, 'before');
      await Promise.all([writeJsonAtomic(path, { a: 1 }), writeJsonAtomic(path, { a: 1 })]);
      expect(await readFile(path, 'utf8')).to.equal('{\n  "a": 1\n}\n');
      expect(await readdir(folder)).to.deep.equal(['a.json']);
    });
  });

  it('names the file it cannot write, and leaves nothing behind', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'sub');
      await mkdir(join(path, 'not-empty'), { recursive: true });
      await expectError('disk', path, () => writeAtomic(path, 'x'));
      expect(await readdir(folder)).to.deep.equal(['sub']);
    });
  });

  it('fails on a disk without room for all of it, and keeps the file of before', async function () {
    await withTemporaryFolder(async (folder) => {
      const disk = join(folder, 'disk');
      await mkdir(disk);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], {
          stdio: 'ignore',
        });
      } catch {
        this.skip(); // Only root can make a small disk.
      }
      try {
        const path = join(disk, 'a');
        await writeAtomic(path, 'before');
        await expectError('disk', /ENOSPC/, () => writeAtomic(path, 'x'.repeat(100_000)));
        expect(await readFile(path, 'utf8')).to.equal('before');
        expect(await readdir(disk)).to.deep.equal(['a']);
      } finally {
        execFileSync('umount', [disk]);
      }
    });
  });
});
