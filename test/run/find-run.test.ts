import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { findRun } from '../../src/run/find-run.js';
import { expectError } from '../support/expect-error.js';
import { madeUpRunId, writeMadeUpRun } from '../support/made-up-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const { signal: never } = new AbortController();
const waitFor = (out: string, folder?: string) => findRun({ folder, out, wait: true, stop: never });

describe('findRun, waiting', () => {
  it('finds a run that is made meanwhile, and its manifest later', async () => {
    await withTemporaryFolder(async (folder) => {
      const [there, out] = [join(folder, 'there'), join(folder, 'out')];
      const manifest = join(await writeMadeUpRun(there, []), 'manifest.json');
      const found = waitFor(out);
      await mkdir(join(out, madeUpRunId), { recursive: true });
      await sleep(250);
      await rename(manifest, join(out, madeUpRunId, 'manifest.json'));
      expect((await found)?.folder).to.equal(join(out, madeUpRunId));
    });
  });

  it('says what is wrong with a manifest that waiting does not mend', async () => {
    await withTemporaryFolder(async (out) => {
      const folder = join(out, madeUpRunId);
      await mkdir(folder);
      for (const [text, said] of [
        ['{"schemaVersion":1}', /expected schemaVersion \d+, got 1.*another version/],
        ['{"schemaVersion":', /expected the manifest of a run/],
      ] as const) {
        await writeFile(join(folder, 'manifest.json'), text);
        await expectError('data', said, () => waitFor(out));
        await expectError('data', said, () => waitFor(out, folder));
      }
    });
  });

  it('ends when stopped', async () => {
    await withTemporaryFolder(async (out) => {
      const stop = AbortSignal.timeout(20);
      expect(await findRun({ folder: undefined, out, wait: true, stop })).to.equal(undefined);
    });
  });
});
