import { appendFile, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LogRecord } from '../../../src/log/records.js';
import { trialFiles } from '../../../src/run/run-directory.js';
import { followRun } from '../../../src/live/follow/follow-run.js';
import type { FollowOptions } from '../../../src/live/follow/follow-run.js';
import { LogWatch } from '../../../src/live/follow/log-watch.js';
import { trialRecords } from '../../support/log-records.js';
import { writeMadeUpRun } from '../../support/made-up-run.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const text = (records: readonly LogRecord[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Follows a run to its end; `seen` resolves once so many records have come. */
function follow(run: string, options: FollowOptions = {}) {
  const records: LogRecord[] = [];
  let told: () => void = () => undefined;
  const reading = async () => {
    for await (const { record } of followRun(run, options)) {
      records.push(record);
      told();
    }
    return records;
  };
  const seen = (count: number) =>
    new Promise<void>((resolve) => {
      told = () => {
        if (records.length >= count) resolve();
      };
      told();
    });
  return { ended: reading(), seen };
}

describe('following a run', () => {
  for (const watch of [true, false]) {
    it(`gives each record once through starts, cuts and resumes, ${watch ? 'told by the file system' : 'looking by itself'}`, async () => {
      await withTemporaryFolder(async (folder) => {
        const run = await writeMadeUpRun(folder, [{ records: [] }, { records: [] }]);
        await rm(trialFiles(run, 1).folder, { recursive: true });
        const [first, second] = [0, 1].map((trial) => trialRecords({ trial, steps: 9 }));
        const { log } = trialFiles(run, 0);
        const { ended, seen } = follow(run, { watch });
        await writeFile(log, text(first!.slice(0, 6)));
        await seen(6);
        // A trial appears, and the other is cut back to its third step and goes on past where it was.
        await mkdir(trialFiles(run, 1).folder, { recursive: true });
        await writeFile(trialFiles(run, 1).log, text(second!));
        await truncate(log, Buffer.byteLength(text(first!.slice(0, 4))));
        const later = first!.slice(4).map((record) => ({ ...record, time: record.time + 1e6 }));
        const resume = { ...first![0]!, event: 'trial.resume', step: 3 } as unknown as LogRecord;
        await appendFile(log, text([resume, ...later]));
        const records = await ended;
        const shown = (trial: number) => records.filter((record) => record.trial === trial);
        expect(shown(1)).to.deep.equal(second);
        expect(shown(0).map(({ event }) => event)).to.deep.equal([
          ...first!.slice(0, 6).map(({ event }) => event),
          'trial.resume',
          ...first!.slice(6).map(({ event }) => event),
        ]);
      });
    });
  }

  it('is told of a record within milliseconds, not at the next look', async () => {
    await withTemporaryFolder(async (folder) => {
      const records = trialRecords({ steps: 40 });
      const run = await writeMadeUpRun(folder, [{ records: records.slice(0, 1) }]);
      const { ended, seen } = follow(run, { interval: 60_000 });
      await seen(1);
      const start = performance.now();
      for (const [index, record] of records.slice(1).entries()) {
        await appendFile(trialFiles(run, 0).log, text([record]));
        await seen(index + 2);
      }
      await ended;
      // Looks a second apart would have taken as many seconds as there are records.
      expect(performance.now() - start).to.be.below(10_000);
    });
  });

  it('looks by itself where the file system does not tell', async function () {
    this.timeout(20_000);
    await withTemporaryFolder(async (folder) => {
      const records = trialRecords({ steps: 30 });
      const run = await writeMadeUpRun(folder, [{ records: [] }]);
      // Nothing happens in the trial's folder when a file that only a link is in it for is written.
      const elsewhere = join(folder, 'elsewhere');
      await writeFile(elsewhere, text(records.slice(0, 1)));
      await symlink(elsewhere, trialFiles(run, 0).log);
      const { ended, seen } = follow(run);
      await seen(1);
      const start = performance.now();
      for (const [index, record] of records.slice(1).entries()) {
        await appendFile(elsewhere, text([record]));
        await seen(index + 2);
      }
      expect(await ended).to.deep.equal(records);
      expect(performance.now() - start).to.be.within(1000, 10_000);
    });
  });
});

describe('LogWatch', () => {
  it('does not work where there is nothing to watch, and says so', async () => {
    const watch = new LogWatch('/nowhere/at-all');
    expect(watch.works).to.equal(false);
    watch.listen(0);
    await watch.wait(1, undefined);
    expect(watch.take().size).to.equal(0);
  });
});
