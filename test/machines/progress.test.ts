import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { pruneCheckpoints, writeCheckpoint } from '../../src/checkpoint/checkpoints.js';
import { attemptUpload } from '../../src/machines/attempt-upload.js';
import { fetchProgress } from '../../src/machines/fetch-progress.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { folderStore } from '../../src/store/folder-store.js';
import { filesBelow } from '../support/stored-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const hash = 'a'.repeat(64);
const saved = (step: number) => ({
  step,
  variants: { relu: { w: { shape: [2], values: Float32Array.of(step, 1) } } },
});

describe('the progress of a trial in a store', () => {
  it('is put piece by piece: whole lines once, checkpoints that are still there, of which the state comes last', async () => {
    await withTemporaryFolder(async (folder) => {
      const order: string[] = [];
      const inner = folderStore(join(folder, 'store'));
      const store = {
        ...inner,
        put: async (...args: Parameters<typeof inner.put>) => {
          order.push(args[0]);
          await inner.put(...args);
        },
      };
      const files = trialFiles(join(folder, 'run'), 0);
      await mkdir(files.folder, { recursive: true });
      const upload = attemptUpload(store, 'trials/0000/a1', files);
      await upload.sync();
      expect(order).to.deep.equal([]);

      await writeFile(files.log, 'one\ntwo\nthr');
      await mkdir(join(files.folder, 'best'));
      await writeFile(join(files.folder, 'best/relu.safetensors'), 'best');
      await writeCheckpoint(files.folder, hash, saved(10));
      await upload.sync();
      const checkpoint = 'trials/0000/a1/checkpoints/step-000010';
      expect(order).to.deep.equal([
        'trials/0000/a1/best/relu.safetensors',
        'trials/0000/a1/log/000001.ndjson',
        `${checkpoint}/relu.safetensors`,
        `${checkpoint}/state.json`,
      ]);
      await upload.sync();
      expect(order).to.have.length(4);

      await appendFile(files.log, 'ee\n');
      await writeCheckpoint(files.folder, hash, saved(20));
      await pruneCheckpoints(files.folder, 1);
      await upload.sync();
      const segments = await Promise.all(
        ['1', '2'].map((n) =>
          readFile(join(folder, `store/trials/0000/a1/log/00000${n}.ndjson`), 'utf8'),
        ),
      );
      expect(segments).to.deep.equal(['one\ntwo\n', 'three\n']);
      const kept = await filesBelow(join(folder, 'store/trials/0000/a1/checkpoints'));
      expect(kept).to.deep.equal(['step-000020/relu.safetensors', 'step-000020/state.json']);
    });
  });

  it('is fetched from the newest whole checkpoint of any attempt; a torn one is never used', async () => {
    await withTemporaryFolder(async (folder) => {
      const store = folderStore(join(folder, 'store'));
      for (const [attempt, step] of [
        [1, 10],
        [2, 30],
        [3, 20],
      ] as const) {
        const files = trialFiles(join(folder, `run-${attempt}`), 0);
        await mkdir(files.folder, { recursive: true });
        await writeFile(files.log, `log of ${attempt}\n`);
        await writeCheckpoint(files.folder, hash, saved(step));
        await attemptUpload(store, `trials/0000/a${attempt}`, files).sync();
      }
      let times = 0;
      const fetched = async (configHash = hash) => {
        const files = trialFiles(join(folder, `fetched-${(times += 1)}`), 0);
        const step = await fetchProgress(store, 0, configHash, files);
        const log = await readFile(files.log, 'utf8').catch(() => undefined);
        return { step, log, files: await filesBelow(files.folder) };
      };
      const at = (step: string) => [
        `checkpoints/step-${step}/relu.safetensors`,
        `checkpoints/step-${step}/state.json`,
        'log.ndjson',
      ];
      expect(await fetched()).to.deep.equal({ step: 30, log: 'log of 2\n', files: at('000030') });
      expect(await fetched('b'.repeat(64))).to.deep.equal({
        ...{ step: undefined, log: undefined, files: [] },
      });

      const torn = join(folder, 'store/trials/0000/a2/checkpoints/step-000030/relu.safetensors');
      const bytes = await readFile(torn);
      await writeFile(torn, bytes.subarray(0, bytes.length - 1));
      expect(await fetched()).to.deep.equal({ step: 20, log: 'log of 3\n', files: at('000020') });

      await rm(join(folder, 'store/trials/0000/a3/checkpoints/step-000020/state.json'));
      expect(await fetched()).to.deep.equal({ step: 10, log: 'log of 1\n', files: at('000010') });

      await writeFile(join(folder, 'store/trials/0000/a1/checkpoints/step-000010/state.json'), '{');
      expect((await fetched()).step).to.equal(undefined);
    });
  });
});
