import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { lastRecord, readRecords } from '../../src/log/read.js';
import type { LogRecord } from '../../src/log/records.js';
import { resumedRecords, trialRecords } from '../support/log-records.js';
import { readAllRecords } from '../support/read-all-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

async function undisturbed(path: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of readRecords(path, { undisturbed: true })) records.push(record);
  return records;
}

const text = (records: readonly LogRecord[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
const stepsOf = (records: readonly LogRecord[]) =>
  records.flatMap((record) => (record.event === 'step' ? [record.step] : []));

describe('readRecords', () => {
  it('gives all whole records, and those of an undisturbed trial without what a resume took back', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      await writeFile(path, text(resumedRecords({ steps: 6 }, { checkpoint: 2, crash: 5 })));
      await appendFile(path, '{"event":"st');
      expect(stepsOf(await readAllRecords(path))).to.deep.equal([1, 2, 3, 4, 5, 3, 4, 5, 6]);
      expect(stepsOf(await undisturbed(path))).to.deep.equal([1, 2, 3, 4, 5, 6]);
      expect((await lastRecord(path))?.event).to.equal('trial.end');
    });
  });

  it('gives none where there is no log', async () => {
    expect(await undisturbed('/nowhere/log.ndjson')).to.deep.equal([]);
    expect(await lastRecord('/nowhere/log.ndjson')).to.equal(undefined);
  });

  it('gives an untouched log as it is', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'log.ndjson');
      const records = trialRecords({ steps: 3 });
      await writeFile(path, text(records));
      expect(await undisturbed(path)).to.deep.equal(JSON.parse(JSON.stringify(records)));
    });
  });
});
