import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  findCheckpoint,
  pruneCheckpoints,
  writeCheckpoint,
} from '../../src/checkpoint/checkpoints.js';
import type { Checkpoint, PassedOver } from '../../src/checkpoint/checkpoints.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

function checkpoint(step: number): Checkpoint {
  const values = Float32Array.of(step, 0.1, -3);
  return { step, variants: { relu: { 'layers.0.bias': { shape: [3], values } }, snn: {} } };
}

describe('checkpoints', () => {
  it('are found again, the newest first, at most at the last step asked for', async () => {
    await withTemporaryFolder(async (folder) => {
      for (const step of [2, 4, 10]) await writeCheckpoint(folder, 'hash', checkpoint(step));
      expect(await findCheckpoint(folder, 'hash', 99)).to.deep.equal({
        checkpoint: checkpoint(10),
        passedOver: [],
      });
      expect((await findCheckpoint(folder, 'hash', 9)).checkpoint?.step).to.equal(4);
      expect((await findCheckpoint(folder, 'hash', 1)).checkpoint).to.equal(undefined);
    });
  });

  it('leave nothing but whole folders behind', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = await writeCheckpoint(folder, 'hash', checkpoint(7));
      expect(path).to.equal('checkpoints/step-000007');
      expect(await readdir(join(folder, 'checkpoints'))).to.deep.equal(['step-000007']);
      expect((await readdir(join(folder, path))).sort()).to.deep.equal([
        'relu.safetensors',
        'snn.safetensors',
        'state.json',
      ]);
    });
  });

  it('fall back to the one before when a byte is flipped, and say so', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeCheckpoint(folder, 'hash', checkpoint(1));
      const path = join(folder, await writeCheckpoint(folder, 'hash', checkpoint(2)));
      const weights = join(path, 'relu.safetensors');
      const bytes = await readFile(weights);
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(weights, bytes);
      const found = await findCheckpoint(folder, 'hash', 2);
      expect(found.checkpoint?.step).to.equal(1);
      expect(found.passedOver.map(({ step }) => step)).to.deep.equal([2]);
      const [{ reason }] = found.passedOver as [PassedOver];
      expect(reason).to.match(/step-000002.relu\.safetensors: expected SHA-256/);
    });
  });

  it('survive a crash while the only one is replaced', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, await writeCheckpoint(folder, 'hash', checkpoint(3)));
      // As a crash leaves them: the old one aside, the new one not yet in its place.
      await rename(path, `${path}.old`);
      await mkdir(`${path}.tmp`);
      expect((await findCheckpoint(folder, 'hash', 3)).checkpoint).to.deep.equal(checkpoint(3));
      await rm(`${path}.tmp`, { recursive: true });
      await cp(path, `${path}.old`, { recursive: true });
      expect((await findCheckpoint(folder, 'hash', 3)).checkpoint).to.deep.equal(checkpoint(3));
      expect(await readdir(join(folder, 'checkpoints'))).to.deep.equal(['step-000003']);
    });
  });

  it('survive a replacement that fails, whichever rename it is', async () => {
    for (const failing of [1, 2]) {
      await withTemporaryFolder(async (folder) => {
        await writeCheckpoint(folder, 'hash', checkpoint(3));
        let moves = 0;
        await expectError('disk', 'no more renames', () =>
          writeCheckpoint(folder, 'hash', { step: 3, variants: {} }, (from, to) =>
            (moves += 1) === failing
              ? Promise.reject(new Error('no more renames'))
              : rename(from, to),
          ),
        );
        expect(await readdir(join(folder, 'checkpoints'))).to.deep.equal(['step-000003']);
        expect((await findCheckpoint(folder, 'hash', 3)).checkpoint).to.deep.equal(checkpoint(3));
      });
    }
  });

  it('whose state names a file elsewhere, or is none, are passed over', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, await writeCheckpoint(folder, 'hash', checkpoint(1)), 'state.json');
      const state = JSON.parse(await readFile(path, 'utf8')) as object;
      const files = { '../../../x.safetensors': '0'.repeat(64) };
      const reasons = [];
      for (const text of [JSON.stringify({ ...state, files }), '{}', 'no', undefined]) {
        await (text === undefined ? rm(path) : writeFile(path, text));
        const { passedOver } = await findCheckpoint(folder, 'hash', 1);
        reasons.push(passedOver[0]?.reason.slice(path.length));
      }
      expect(reasons).to.deep.equal([
        ': files.../../../x.safetensors: expected the name of a safetensors file',
        ': schemaVersion: expected 1',
        ': expected the state of a checkpoint in JSON, got "no"',
        ': expected a file, found none',
      ]);
    });
  });

  it('of another configuration are passed over', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeCheckpoint(folder, 'other', checkpoint(1));
      const found = await findCheckpoint(folder, 'hash', 1);
      expect(found.checkpoint).to.equal(undefined);
      expect(found.passedOver[0]?.reason).to.include('another step or configuration');
    });
  });

  it('are pruned to the newest, and step 0 stays', async () => {
    await withTemporaryFolder(async (folder) => {
      for (const step of [0, 1, 2, 3]) await writeCheckpoint(folder, 'hash', checkpoint(step));
      await pruneCheckpoints(folder, 2);
      expect((await readdir(join(folder, 'checkpoints'))).sort()).to.deep.equal([
        'step-000000',
        'step-000002',
        'step-000003',
      ]);
    });
  });

  it('that cannot be written are a disk error and leave the older ones alone', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'checkpoints'), 'a file where the folder should be');
      await expectError('disk', 'cannot write checkpoint', () =>
        writeCheckpoint(folder, 'hash', checkpoint(1)),
      );
    });
  });
});
