import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { writeCheckpoint } from '../../src/checkpoint/checkpoints.js';
import { trialFiles } from '../../src/run/run-directory.js';
import type { TrialFiles } from '../../src/run/run-directory.js';
import { resumePoint } from '../../src/trial/resume-point.js';
import { expectError } from '../support/expect-error.js';
import { trialRecords } from '../support/log-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

/** A trial of six steps with a checkpoint after the fourth, killed while it wrote. */
async function killedTrial(folder: string): Promise<TrialFiles> {
  const files = trialFiles(folder, 0);
  await mkdir(files.folder, { recursive: true });
  const records = trialRecords({ steps: 6 }).filter(({ event }) => event !== 'trial.end');
  await writeFile(files.log, records.map((one) => `${JSON.stringify(one)}\n`).join('') + '{"ev');
  const trace = [1, 2, 3, 4, 5, 6].map((step) => `{"step":${step},"indices":[1]}\n`);
  await writeFile(files.trace, `${trace.join('')}{"st`);
  await writeCheckpoint(files.folder, 'hash', { step: 4, variants: {} });
  return files;
}

describe('resumePoint', () => {
  it('cuts log and trace back to the newest checkpoint, and keeps of the steps the last', async () => {
    await withTemporaryFolder(async (folder) => {
      const files = await killedTrial(folder);
      const { checkpoint, records } = await resumePoint(files, 'hash');
      expect(checkpoint?.step).to.equal(4);
      expect(records.map(({ event }) => event)).to.deep.equal(['trial.start', 'step']);
      const lastLine = async (path: string) =>
        JSON.parse((await readFile(path, 'utf8')).trimEnd().split('\n').at(-1)!) as object;
      expect(await lastLine(files.log)).to.deep.equal(JSON.parse(JSON.stringify(records[1])));
      expect(await lastLine(files.trace)).to.include({ step: 4 });
    });
  });

  it('empties both where there is no checkpoint', async () => {
    await withTemporaryFolder(async (folder) => {
      const files = await killedTrial(folder);
      const { checkpoint, records } = await resumePoint(files, 'of another configuration');
      expect(checkpoint).to.equal(undefined);
      expect(records).to.deep.equal([]);
      expect(await readFile(files.log, 'utf8')).to.equal('');
      expect(await readFile(files.trace, 'utf8')).to.equal('');
    });
  });

  it('names a line of the trace that is none', async () => {
    await withTemporaryFolder(async (folder) => {
      const files = await killedTrial(folder);
      await writeFile(files.trace, '{"step":1,"indices":[1]}\nrubbish\n');
      await expectError('data', 'trace.ndjson:2: expected a line of a trace in JSON', () =>
        resumePoint(files, 'hash'),
      );
    });
  });
});
