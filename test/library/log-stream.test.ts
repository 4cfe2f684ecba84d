import { appendFile, mkdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, Observable, take, toArray } from 'rxjs';
import { followLog, readLog } from '../../src/index.js';
import type { LogRecord } from '../../src/index.js';
import { LogStream } from '../../src/library/log-stream.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { expectError } from '../support/expect-error.js';
import { resumedRecords, trialRecords } from '../support/log-records.js';
import { writeMadeUpRun } from '../support/made-up-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

async function collect(stream: AsyncIterable<LogRecord>): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of stream) records.push(record);
  return records;
}

const stepsOf = (records: readonly LogRecord[]) =>
  records.flatMap((record) => (record.event === 'step' ? [record.step] : []));

/** Counts what is read of it and when it is closed; without an end unless aborted. */
function countedStream() {
  const counts = { read: 0, closed: 0 };
  const [record] = trialRecords();
  const stream = new LogStream(async function* (signal) {
    try {
      while (!signal.aborted) {
        counts.read += 1;
        yield record!;
        await sleep(1);
      }
    } finally {
      counts.closed += 1;
    }
  });
  return { counts, stream };
}

describe('a LogStream', () => {
  it('reads nothing before it is used, and no further than a loop has come', async () => {
    const { counts, stream } = countedStream();
    const observable = stream.asObservable();
    expect(observable).to.be.instanceOf(Observable);
    await sleep(5);
    expect(counts).to.deep.equal({ read: 0, closed: 0 });
    let seen = 0;
    for await (const record of stream) {
      expect(record.event).to.equal('trial.start');
      seen += 1;
      await sleep(5);
      expect(counts.read).to.equal(seen);
      if (seen === 3) break;
    }
    expect(counts).to.deep.equal({ read: 3, closed: 1 });
  });

  it('is closed by unsubscribing, and reads anew for every subscription', async () => {
    const { counts, stream } = countedStream();
    await lastValueFrom(stream.asObservable().pipe(take(2)));
    await firstValueFrom(stream.asObservable());
    await sleep(20);
    expect(counts).to.deep.equal({ read: 3, closed: 2 });
  });

  it('tells a failure to the subscriber', async () => {
    await expectError('usage', 'neither', () =>
      lastValueFrom(readLog('/nowhere/at-all').asObservable()),
    );
  });
});

describe('readLog', () => {
  it('gives the trials of a run in order, each as if it had never stopped', async () => {
    await withTemporaryFolder(async (folder) => {
      const options = { steps: 6 };
      const run = await writeMadeUpRun(folder, [
        { records: resumedRecords(options, { checkpoint: 2, crash: 4 }), torn: '{"level":30,' },
        { records: [] },
        { records: trialRecords({ trial: 2, seed: 3 }) },
      ]);
      const records = await collect(readLog(run));
      expect(stepsOf(records)).to.deep.equal([1, 2, 3, 4, 5, 6, 1, 2, 3]);
      const { log } = trialFiles(run, 2);
      expect(await collect(readLog(log))).to.deep.equal(trialRecords({ trial: 2, seed: 3 }));
      const pushed = await lastValueFrom(readLog(run).asObservable().pipe(toArray()));
      expect(pushed).to.deep.equal(records);
    });
  });
});

describe('followLog', () => {
  it('goes on with what is written, to a loop and to a subscriber, until the run is finished', async () => {
    await withTemporaryFolder(async (folder) => {
      const run = await writeMadeUpRun(folder, [{ records: [] }]);
      const files = trialFiles(run, 0);
      await rm(files.folder, { recursive: true });
      const records = trialRecords({ steps: 8 });
      const looped = collect(followLog(run));
      const pushed = lastValueFrom(followLog(run).asObservable().pipe(toArray()));
      await mkdir(files.folder, { recursive: true });
      for (const record of records) {
        const line = `${JSON.stringify(record)}\n`;
        await appendFile(files.log, line.slice(0, 50));
        await sleep(5);
        await appendFile(files.log, line.slice(50));
      }
      expect(await looped).to.deep.equal(records);
      expect(await pushed).to.deep.equal(records);
    });
  });

  it('is closed at once by a loop that is left while it waits for the next record', async () => {
    await withTemporaryFolder(async (folder) => {
      const run = await writeMadeUpRun(folder, [{ records: trialRecords().slice(0, 3) }]);
      const iterator = followLog(run, { last: 0, grace: 600_000 })[Symbol.asyncIterator]();
      const next = iterator.next();
      await sleep(50);
      expect(await iterator.return?.()).to.deep.equal({ done: true, value: undefined });
      expect(await next).to.deep.equal({ done: true, value: undefined });
    });
  });

  it('ends when told to, when nobody writes, and at once for a trial that is not there', async () => {
    await withTemporaryFolder(async (folder) => {
      const run = await writeMadeUpRun(folder, [{ records: trialRecords().slice(0, 3) }]);
      const stopped = followLog(run, { last: 1, signal: AbortSignal.timeout(100) });
      expect(stepsOf(await collect(stopped))).to.deep.equal([2]);
      const left = followLog(run, { where: ({ event }) => event === 'step', grace: 50 });
      expect(stepsOf(await collect(left))).to.deep.equal([1, 2]);
      await expectError('usage', 'expected a trial from 0 to 0, got 7', () =>
        collect(followLog(run, { trial: 7 })),
      );
    });
  });
});
