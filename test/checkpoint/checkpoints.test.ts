import { readdir, readFile, writeFile } from 'node:fs/promises';
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
