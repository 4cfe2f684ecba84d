import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockstep } from '../support/lockstep.js';
import { trialRecords } from '../support/log-records.js';
import { madeUpRunId, writeMadeUpRun } from '../support/made-up-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('lockstep export', () => {
  it('writes to exports/ and prints the paths, as JSON too', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeMadeUpRun(cwd, [{ records: trialRecords() }]);
      const csv = await lockstep(cwd, 'export', madeUpRunId, '--to', 'csv');
      expect(csv).to.include({ code: 0, stdout: `exports/${madeUpRunId}.csv\n`, stderr: '' });
      expect(existsSync(join(cwd, `exports/${madeUpRunId}.csv`))).to.equal(true);
      const to = ['--to', 'parquet', '--out', 'tables', '--json'];
      const parquet = await lockstep(cwd, 'export', madeUpRunId, ...to);
      expect(JSON.parse(parquet.stdout)).to.deep.equal({
        format: 'parquet',
        files: [`tables/${madeUpRunId}.parquet`],
      });
    });
  });

  it('writes CSV to standard output where the folder is -', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeMadeUpRun(cwd, [{ records: trialRecords() }]);
      const csv = await lockstep(cwd, 'export', madeUpRunId, '--to', 'csv', '--out', '-');
      expect(csv).to.include({ code: 0, stderr: '' });
      expect(csv.stdout).to.match(/^run,trial,seed,variant,/);
      expect(existsSync(join(cwd, 'exports'))).to.equal(false);
      const parquet = await lockstep(cwd, 'export', madeUpRunId, '--to', 'parquet', '--out', '-');
      expect(parquet.code).to.equal(2);
      expect(parquet.stderr).to.include('expected --to csv, got --to parquet');
    });
  });

  it('takes the place to write to as an argument too, and only one', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeMadeUpRun(cwd, [{ records: trialRecords() }]);
      const run = (...args: string[]) => lockstep(cwd, 'export', madeUpRunId, ...args);
      const byFlag = await run('--to', 'csv', '--out', '-');
      for (const args of [
        ['--to', 'csv', '-'],
        ['-', '--to', 'csv'],
      ]) {
        expect(await run(...args)).to.deep.equal(byFlag);
      }
      expect(await run('tables', '--to', 'csv')).to.include({
        stdout: `tables/${madeUpRunId}.csv\n`,
      });
      const both = await run('--to', 'csv', '-', '--out', 'tables');
      expect(both).to.include({ code: 2, stdout: '' });
      expect(both.stderr).to.include('expected one place to write to, got - and tables');
      const parquet = await run('--to', 'parquet', '-');
      expect(parquet.stderr).to.include('expected --to csv, got --to parquet');
    });
  });

  it('ends with 2 without a format, and where there is no run', async () => {
    await withTemporaryFolder(async (cwd) => {
      const nameless = await lockstep(cwd, 'export', '.');
      expect(nameless.stderr).to.match(/--to|to\b/);
      const nowhere = await lockstep(cwd, 'export', 'nowhere', '--to', 'csv');
      expect(nowhere.stderr).to.include('expected the manifest of a run');
      expect([nameless.code, nowhere.code]).to.deep.equal([2, 2]);
    });
  });
});
