import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { lastWholeLine, readLines } from '../../src/files/lines.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('lastWholeLine', () => {
  it('is the last line with a newline that reading from the beginning finds', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'file');
      // Characters of one to four bytes, some lines longer than what is read at once.
      const text = fc.oneof(
        fc.constantFrom('', 'a', 'é€😀', '€'.repeat(6_000), 'x'.repeat((1 << 14) - 1)),
        fc.string({ unit: 'binary', maxLength: 5 }).map((some) => some.replaceAll('\n', ' ')),
      );
      const lines = fc.array(text, { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(lines, text, async (whole, torn) => {
          await writeFile(path, whole.map((line) => `${line}\n`).join('') + torn);
          let expected: string | undefined;
          for await (const line of readLines(path)) if (line.whole) expected = line.text;
          expect(await lastWholeLine(path)).to.equal(expected);
        }),
        { numRuns: 60 },
      );
    });
  });
});
