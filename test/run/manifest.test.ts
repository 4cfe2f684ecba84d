import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { jsonText } from '../../src/files/write-atomic.js';
import { findRun } from '../../src/run/find-run.js';
import { readManifest } from '../../src/run/run-directory.js';
import { expectError } from '../support/expect-error.js';
import { madeUpManifest } from '../support/made-up-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

type Json = Record<string, unknown>;

async function writeManifest(folder: string, change: (manifest: Json) => Json): Promise<void> {
  const trials = [0, 1].map((index) => ({ index, point: {}, seed: index + 1 }));
  const manifest = (await madeUpManifest(trials)) as unknown as Json;
  await writeFile(join(folder, 'manifest.json'), jsonText(change(manifest)));
}

describe('readManifest', () => {
  it('gives back what was written', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeManifest(folder, (manifest) => manifest);
      const { trials } = await readManifest(folder);
      expect(trials.map(({ seed }) => seed)).to.deep.equal([1, 2]);
    });
  });

  it('names the key that is wrong, with exit code 3', async () => {
    const wrong: readonly [change: Json, says: string][] = [
      [{ trials: 3 }, 'trials: expected array, got number'],
      [{ trials: [{ index: 1, point: {}, seed: 1 }] }, 'trials.0.index: expected 0'],
      [{ runId: '../elsewhere' }, 'runId: expected the name of a folder'],
      [{ config: {} }, 'config.name: expected a name'],
      [{ another: 1 }, 'unknown key another'],
    ];
    for (const [change, says] of wrong) {
      await withTemporaryFolder(async (folder) => {
        await writeManifest(folder, (manifest) => ({ ...manifest, ...change }));
        await expectError('data', `manifest.json: ${says}`, () => readManifest(folder));
      });
    }
  });

  it('says what a file that is no JSON begins with', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'manifest.json'), '{"schemaVersion');
      await expectError('data', 'got "{\\"schemaVersion"', () => readManifest(folder));
    });
  });

  it('says that another version of Lockstep wrote it', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeManifest(folder, ({ runId }) => ({ schemaVersion: 1, runId }));
      await expectError('data', 'expected schemaVersion 2, got 1', () => readManifest(folder));
    });
  });
});

describe('findRun, waiting,', () => {
  it('does not wait for a manifest that it cannot read', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeManifest(folder, (manifest) => ({ ...manifest, schemaVersion: 1 }));
      const options = { folder, out: folder, wait: true, stop: AbortSignal.timeout(5000) };
      await expectError('data', 'another version of Lockstep', () => findRun(options));
    });
  });

  it('waits for a manifest that is not there yet', async () => {
    await withTemporaryFolder(async (folder) => {
      const options = { folder, out: folder, wait: true, stop: AbortSignal.timeout(5000) };
      const found = findRun(options);
      await writeManifest(folder, (manifest) => manifest);
      expect((await found)?.manifest.trials).to.have.length(2);
    });
  });
});
