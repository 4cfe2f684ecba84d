import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { exportRun, runCsv } from '../../src/export/export-run.js';
import { rowMaker } from '../../src/export/table.js';
import type { ExportFormat } from '../../src/export/export-run.js';
import type { LogRecord, StepRecord } from '../../src/log/records.js';
import { decodeEventFile } from '../support/event-file.js';
import { expectError } from '../support/expect-error.js';
import { resumedRecords, trialRecords } from '../support/log-records.js';
import { madeUpManifest, madeUpRunId, writeMadeUpRun } from '../support/made-up-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

type Rows = Record<string, unknown>[];

const first = trialRecords({ steps: 3, seed: 11 });
const second = trialRecords({ steps: 3, trial: 1, seed: 12 });

async function exported(
  trials: Parameters<typeof writeMadeUpRun>[1],
  format: ExportFormat,
  read: (files: string[], out: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const runFolder = await writeMadeUpRun(folder, trials);
    const out = join(folder, 'out');
    await read(await exportRun({ runFolder, format, out }), out);
  });
}

async function readParquet(file: string): Promise<Rows> {
  return (await parquetReadObjects({ file: await asyncBufferFromFile(file) })) as Rows;
}

function stepsOf(records: readonly LogRecord[]): StepRecord[] {
  return records.filter((record) => record.event === 'step');
}

describe('exportRun', () => {
  it('writes an event file for each trial and variant, with the times of the log', async () => {
    await exported([{ records: first }, { records: second }], 'tensorboard', async (files, out) => {
      const folders = ['0000-11/relu', '0000-11/snn', '0001-12/relu', '0001-12/snn'];
      expect(files.map((file) => join(file, '..'))).to.deep.equal(
        folders.map((name) => join(out, madeUpRunId, name)),
      );
      for (const file of files) expect(file).to.match(/events\.out\.tfevents\.1700000000\.\w+$/);
      const [version, ...events] = decodeEventFile(await readFile(files[1]!));
      expect(version).to.include({ fileVersion: 'brain.Event:2', wallTime: 1_700_000_000 });
      const steps = stepsOf(first);
      expect(events.map(({ step, wallTime }) => [step, wallTime])).to.deep.equal(
        steps.map(({ step, time }) => [step, time / 1000]),
      );
      expect(events.map(({ scalars }) => scalars.loss)).to.deep.equal(
        steps.map(({ variants }) => variants.snn!.scores.loss),
      );
      expect(events.map(({ scalars }) => Object.keys(scalars))).to.deep.equal([
        ['loss', 'accuracy'],
        ['loss', 'accuracy'],
        ['loss', 'accuracy', 'test/loss', 'test/accuracy'],
      ]);
      expect(events[2]!.scalars['test/accuracy']).to.equal(Math.fround(469 / 512));
    });
  });

  it('writes a CSV table with a row for each trial, variant and step', async () => {
    await exported([{ records: first }, { records: second }], 'csv', async ([file], out) => {
      expect(file).to.equal(join(out, `${madeUpRunId}.csv`));
      const lines = (await readFile(file!, 'utf8')).split('\n');
      expect(lines).to.have.length(1 + 12 + 1);
      expect(lines[0]).to.equal(
        'run,trial,seed,variant,step,epoch,time,loss,accuracy,trainMs,evalMs,test.loss,test.accuracy',
      );
      const [step] = stepsOf(first);
      const { loss, accuracy } = step!.variants.relu!.scores;
      expect(lines[1]).to.equal(
        `${madeUpRunId},0,11,relu,1,0,${step!.time},${loss},${accuracy},100,40,,`,
      );
      expect(lines[12]).to.match(/,1,12,snn,3,0,\d+,[\d.]+,[\d.]+,101,41,0\.25,0\.916015625$/);
    });
  });

  it('gives the same CSV piece by piece, for standard output', async () => {
    await withTemporaryFolder(async (folder) => {
      const runFolder = await writeMadeUpRun(folder, [{ records: first }, { records: second }]);
      const [file] = await exportRun({ runFolder, format: 'csv', out: folder });
      let text = '';
      for await (const piece of runCsv(runFolder)) text += piece;
      expect(text).to.equal(await readFile(file!, 'utf8'));
    });
  });

  it('works out the columns of a sweep once a trial, not once a row', async () => {
    const points = Array.from({ length: 400 }, (_, index) => ({ 'training.steps': index }));
    let read = 0;
    const manifest = await madeUpManifest(
      points.map((point, index) => ({
        index,
        seed: 1,
        get point() {
          read += 1;
          return point;
        },
      })),
    );
    const row = rowMaker(manifest, manifest.trials[0]!);
    const scores = { loss: 1, accuracy: 0.5 };
    const measured = { variant: 'relu', step: 1, epoch: 0, time: 0, scores, trainMs: 1, evalMs: 1 };
    row({ ...measured, splits: {} });
    const once = read;
    for (let again = 0; again < 10; again += 1) row({ ...measured, splits: {} });
    expect(read).to.equal(once);
  });

  it('writes the same table as Parquet, with nulls where nothing was measured', async () => {
    await exported([{ records: first }, { records: second }], 'parquet', async ([file]) => {
      const rows = await readParquet(file!);
      expect(rows).to.have.length(12);
      const [step] = stepsOf(first);
      expect(rows[0]).to.deep.equal({
        run: madeUpRunId,
        trial: 0n,
        seed: 11n,
        variant: 'relu',
        step: 1n,
        epoch: 0n,
        time: BigInt(step!.time),
        loss: step!.variants.relu!.scores.loss,
        accuracy: step!.variants.relu!.scores.accuracy,
        trainMs: 100,
        evalMs: 40,
        'test.loss': null,
        'test.accuracy': null,
      });
      expect(rows[11]).to.include({ trial: 1n, seed: 12n, variant: 'snn', 'test.loss': 0.25 });
    });
  });

  it('gives every swept path a column of its type, quoted where CSV needs it', async () => {
    const points = [
      {
        'training.optimizer.learningRate': 0.1,
        'variants.snn.label': 'a "b", c',
        'network.layers': [1],
      },
      { 'training.optimizer.learningRate': 1, 'variants.snn.label': 'd\ne', 'network.layers': [] },
    ];
    const trials = [
      { records: first, point: points[0]! },
      { records: second, point: points[1]! },
    ];
    await exported(trials, 'csv', async ([file]) => {
      const text = await readFile(file!, 'utf8');
      expect(text).to.include(
        'run,trial,seed,training.optimizer.learningRate,variants.snn.label,network.layers,variant',
      );
      expect(text).to.include(`${madeUpRunId},0,11,0.1,"a ""b"", c",[1],relu,1`);
      expect(text).to.include(`${madeUpRunId},1,12,1,"d\ne",[],relu,1`);
    });
    await exported(trials, 'parquet', async ([file]) => {
      const rows = await readParquet(file!);
      expect(rows[0]).to.include({
        'training.optimizer.learningRate': 0.1,
        'variants.snn.label': 'a "b", c',
        'network.layers': '[1]',
      });
      expect(rows[11]).to.include({ 'training.optimizer.learningRate': 1 });
    });
  });

  it('counts what a resumed trial did over once, as it was done last', async () => {
    const records = resumedRecords({ steps: 6, seed: 11 }, { checkpoint: 2, crash: 4 });
    await exported([{ records, torn: '{"level":30,"ti' }], 'csv', async ([file]) => {
      const lines = (await readFile(file!, 'utf8')).trimEnd().split('\n').slice(1);
      expect(lines.map((line) => line.split(',')[4]).join('')).to.equal('112233445566');
      expect(lines.map((line) => line.split(',')[9])).to.deep.equal([
        ...['100', '101', '100', '101'],
        ...Array.from({ length: 8 }, () => '999'),
      ]);
    });
  });

  it('keeps losses that are not finite', async () => {
    const records = trialRecords({
      steps: 2,
      loss: (variant, step) => (step === 1 ? 0.5 : variant === 0 ? 'NaN' : 'Infinity'),
      outcome: 'diverged',
    });
    await exported([{ records }], 'parquet', async ([file]) => {
      expect((await readParquet(file!)).map(({ loss }) => loss)).to.deep.equal([
        0.5,
        0.5,
        NaN,
        Infinity,
      ]);
    });
    await exported([{ records }], 'csv', async ([file]) => {
      const text = await readFile(file!, 'utf8');
      expect(text)
        .to.match(/,relu,2,0,\d+,NaN,/)
        .and.match(/,snn,2,0,\d+,Infinity,/);
    });
  });

  it('leaves out trials that have not started, and says so when none has', async () => {
    await exported([{ records: [] }, { records: second }], 'tensorboard', (files) => {
      expect(files).to.have.length(2);
      return Promise.resolve();
    });
    await withTemporaryFolder(async (folder) => {
      const runFolder = await writeMadeUpRun(folder, [{ records: [] }]);
      await expectError('data', /started/, () =>
        exportRun({ runFolder, format: 'csv', out: folder }),
      );
    });
  });

  it('leaves nothing half-written where it cannot write', async () => {
    await withTemporaryFolder(async (folder) => {
      const runFolder = await writeMadeUpRun(folder, [{ records: first, torn: 'not a record\n' }]);
      const out = join(folder, 'out');
      for (const format of ['csv', 'parquet'] as const) {
        await expectError('data', /log\.ndjson:8/, () => exportRun({ runFolder, format, out }));
      }
      expect(await readdir(out)).to.deep.equal([]);
      await writeFile(join(folder, 'file'), '');
      const options = { runFolder, format: 'csv', out: join(folder, 'file') } as const;
      await expectError('disk', /cannot write/, () => exportRun(options));
    });
  });

  it('is what TensorBoard, pandas and DuckDB read', async function () {
    const python = process.env.LOCKSTEP_PYTHON;
    if (python === undefined) return this.skip();
    const diverged = trialRecords({
      steps: 2,
      trial: 1,
      loss: (_, step) => (step === 1 ? 0.5 : 'NaN'),
      outcome: 'diverged',
    });
    await withTemporaryFolder(async (folder) => {
      const trials = [
        { records: first, point: { 'variants.snn.label': 'a "b"\n, c' } },
        { records: diverged, point: { 'variants.snn.label': 'd' } },
      ];
      const runFolder = await writeMadeUpRun(folder, trials);
      const out = join(folder, 'out');
      for (const format of ['tensorboard', 'csv', 'parquet'] as const) {
        await exportRun({ runFolder, format, out });
      }
      const script = fileURLToPath(
        new URL('../../../scripts/interop/read_back.py', import.meta.url),
      );
      const { stdout } = await promisify(execFile)(python, [script, out]);
      const read = JSON.parse(stdout) as {
        events: Record<string, Record<string, [number, number, number | null][]>>;
        tables: Record<string, Rows>;
      };
      const steps = stepsOf(first);
      expect(read.events[`${madeUpRunId}/0000-11/snn`]?.loss).to.deep.equal(
        steps.map(({ step, time, variants }) => [step, time / 1000, variants.snn!.scores.loss]),
      );
      expect(read.events[`${madeUpRunId}/0001-1/relu`]?.loss?.[1]?.[2]).to.equal(null);
      const { [`${madeUpRunId}.csv`]: csv, [`${madeUpRunId}.parquet`]: parquet } = read.tables;
      expect(csv).to.deep.equal(parquet);
      expect(parquet?.[0]).to.include({
        'variants.snn.label': 'a "b"\n, c',
        loss: steps[0]!.variants.relu!.scores.loss,
        'test.loss': null,
      });
      expect(parquet).to.have.length(10);
    });
  }).timeout(120_000);
});
