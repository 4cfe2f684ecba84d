import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { keepLines, LineFile } from '../../src/files/line-file.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('keepLines', () => {
  it('cuts off all lines after so many, and a torn last line', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lines');
      const long = 'é'.repeat(100_000);
      for (const [count, kept] of [
        [0, ''],
        [1, 'a\n'],
        [2, `a\n${long}\n`],
        [3, `a\n${long}\nc\n`],
        [9, `a\n${long}\nc\n`],
      ] as const) {
        await writeFile(path, `a\n${long}\nc\ntorn`);
        await keepLines(path, count);
        expect((await readFile(path, 'utf8')) === kept, String(count)).to.equal(true);
      }
    });
  });

  it('leaves a file that is not there away', async () => {
    await keepLines('/nowhere/at/all', 1);
  });
});

describe('a LineFile', () => {
  it('reports a file it cannot open as a disk error that says what to do', async () => {
    const error = await expectError('disk', 'cannot write /nowhere/log: ENOENT', () => {
      new LineFile('/nowhere/log');
    });
    expect(error.hint).to.include('writable folder');
  });
});
