import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { LogCursor } from '../../../src/live/follow/log-cursor.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

function linesOf(cursor: LogCursor): string[] {
  return [...cursor.read()].flat();
}

describe('LogCursor', () => {
  it('reads every line once and only when whole, however the file grows', async () => {
    await withTemporaryFolder(async (folder) => {
      let file = 0;
      const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `"${text}"`);
      const safe = line.filter((text) => !text.includes('\n'));
      await fc.assert(
        fc.asyncProperty(
          fc.array(safe, { maxLength: 12 }),
          fc.array(fc.nat(30), { minLength: 1, maxLength: 20 }),
          async (lines, cuts) => {
            const path = join(folder, String(file++));
            const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
            const cursor = new LogCursor(path);
            const seen = linesOf(cursor);
            let from = 0;
            for (const cut of cuts) {
              await appendFile(path, bytes.subarray(from, from + cut));
              from += cut;
              seen.push(...linesOf(cursor));
            }
            await appendFile(path, bytes.subarray(from));
            seen.push(...linesOf(cursor));
            expect(seen).to.deep.equal(lines);
          },
        ),
        { numRuns: 50 },
      );
    });
  });

  it('reads again from the start when the last line it read is gone', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log');
      await writeFile(path, 'one\ntwo\nthree\n');
      const cursor = new LogCursor(path);
      expect(linesOf(cursor)).to.deep.equal(['one', 'two', 'three']);
      await truncate(path, 4);
      await appendFile(path, 'TWO\nTHREE\nfour\n');
      expect(linesOf(cursor)).to.deep.equal(['one', 'TWO', 'THREE', 'four']);
      expect(linesOf(cursor)).to.deep.equal([]);
    });
  });
});
