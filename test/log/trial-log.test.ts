import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { LineFile } from '../../src/files/line-file.js';
import { readAllRecords } from '../support/read-all-records.js';
import { createTrialLog } from '../../src/log/trial-log.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

function openLog(path: string, lastSeq = 0) {
  let now = 1000;
  const file = new LineFile(path);
  const log = createTrialLog({
    file,
    runId: 'run',
    trial: 2,
    seed: 7,
    lastSeq,
    clock: () => now++,
  });
  return { file, log };
}

const record = '{"event":"step","seq":1,"schemaVersion":2}';

describe('the trial log', () => {
  it('writes the record it returns, numbered without gaps', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      const { log } = openLog(path);
      const written = [
        log.write({ event: 'trial.resume', step: 3 }),
        log.write({ event: 'trial.end', outcome: 'failed', step: 3, reason: 'a "quoted" reason' }),
      ];
      expect(await readAllRecords(path)).to.deep.equal(written);
      expect(written[0]).to.deep.equal({
        level: 30,
        time: 1000,
        schemaVersion: 2,
        runId: 'run',
        trial: 2,
        seed: 7,
        seq: 1,
        event: 'trial.resume',
        step: 3,
      });
      expect(written[1]).to.include({ level: 40, time: 1001, seq: 2 });
    });
  });

  it('goes on numbering where an earlier process stopped', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      openLog(path).log.write({ event: 'trial.resume', step: 1 });
      openLog(path, 1).log.write({ event: 'trial.resume', step: 2 });
      expect((await readAllRecords(path)).map(({ seq }) => seq)).to.deep.equal([1, 2]);
    });
  });

  it('keeps non-finite losses as strings', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      const variants = {
        relu: { scores: { loss: 'NaN', accuracy: 'NaN' } },
        snn: { scores: { loss: 'Infinity', accuracy: 'NaN' } },
      } as const;
      openLog(path).log.write({
        event: 'evaluation',
        step: 1,
        split: 'test',
        examples: 4,
        variants,
      });
      const [written] = await readAllRecords(path);
      expect(written).to.deep.include({ variants });
    });
  });

  it('has no gap where a write failed', async () => {
    await withTemporaryFolder(async (folder) => {
      const { file, log } = openLog(join(folder, 'log.ndjson'));
      const write = file.write.bind(file);
      file.write = () => {
        throw new Error('full');
      };
      expect(() => log.write({ event: 'checkpoint', step: 1, path: 'a' })).to.throw('full');
      file.write = write;
      log.write({ event: 'checkpoint', step: 1, path: 'a' });
      expect((await readAllRecords(file.path)).map(({ seq }) => seq)).to.deep.equal([1]);
    });
  });

  it('is read without its torn last line', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      await writeFile(path, `${record}\n{"event":"st`);
      expect(await readAllRecords(path)).to.deep.equal([JSON.parse(record)]);
    });
  });

  it('refuses a whole line that is no record, naming the line', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      for (const line of ['{"event":', '[]', '7']) {
        await writeFile(path, `${record}\n${line}\n`);
        await expectError('data', `log.ndjson:2: expected a log record, got ${line}`, () =>
          readAllRecords(path),
        );
      }
    });
  });
});

describe('a log of another version', () => {
  it('is refused with both versions, naming the line', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      await writeFile(path, '{"event":"step","seq":1,"schemaVersion":1}\n');
      const message = 'log.ndjson:1: expected a record of schemaVersion 2, got 1';
      await expectError('data', message, () => readAllRecords(path));
    });
  });
});
