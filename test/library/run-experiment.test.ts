import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { firstValueFrom, toArray } from 'rxjs';
import { join } from 'node:path';
import { comparePairs, runExperiment } from '../../src/index.js';
import type { LogRecord } from '../../src/index.js';
import { expectError } from '../support/expect-error.js';
import { lockstep } from '../support/lockstep.js';
import { readAllRecords } from '../support/read-all-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { writeTinyDataset } from '../support/tiny-run.js';

/** The debug configuration on the tiny dataset. */
async function tinyConfig(cwd: string, steps = 4) {
  return {
    extends: 'debug',
    name: 'tiny',
    data: { path: await writeTinyDataset(cwd), validationSize: 10 },
    training: { steps },
    evaluation: { splits: [{ split: 'test', examples: 'all' }] },
  };
}

describe('runExperiment', function () {
  this.timeout(60_000);

  it('gives the records of the run that it leaves, by iteration and as an Observable, and what came of it', async () => {
    await withTemporaryFolder(async (cwd) => {
      const experiment = runExperiment(await tinyConfig(cwd), { cwd, engine: 'wasm' });
      const observed = firstValueFrom(experiment.asObservable().pipe(toArray()));
      const iterated: LogRecord[] = [];
      for await (const record of experiment) iterated.push(record);
      const outcome = await experiment.finished;
      expect(outcome).to.deep.include({ outcome: 'completed', baseline: 'relu' });
      const folder = await experiment.runFolder;
      expect(outcome.run.folder).to.equal(folder.slice(cwd.length + 1));
      const logged = await readAllRecords(join(folder, 'trials/0000/log.ndjson'));
      expect(iterated).to.deep.equal(logged);
      expect(await observed).to.deep.equal(logged);
      const verified = await lockstep(cwd, 'verify', folder);
      expect(verified.code, verified.stdout).to.equal(0);
    });
  });

  it('stops with a checkpoint of its last step when it is aborted', async () => {
    await withTemporaryFolder(async (cwd) => {
      const stop = new AbortController();
      const config = await tinyConfig(cwd, 100_000);
      const { signal } = stop;
      const experiment = runExperiment(config, { cwd, engine: 'wasm', signal });
      for await (const { event } of experiment) if (event === 'step') stop.abort();
      expect(await experiment.finished).to.include({ outcome: 'interrupted' });
      const folder = await experiment.runFolder;
      const records = await readAllRecords(join(folder, 'trials/0000/log.ndjson'));
      const end = records.at(-1)!;
      expect(end).to.include({ event: 'trial.end', outcome: 'interrupted' });
      const saved = await readdir(join(folder, 'trials/0000/checkpoints'));
      expect(saved.map((name) => Number(name.replace('step-', '')))).to.deep.equal([
        'step' in end && end.step,
      ]);
    });
  });

  it('tells what is wrong with a configuration wherever it is asked', async () => {
    await withTemporaryFolder(async (cwd) => {
      const config = { extends: 'debug', trainig: { steps: 4 } };
      const experiment = runExperiment(config, { cwd });
      const wrong = /experiment:\d+:\d+: trainig: unknown key; did you mean training/;
      await expectError('usage', wrong, () => experiment.finished);
      await expectError('usage', wrong, () => experiment.runFolder);
      await expectError('usage', wrong, () => experiment[Symbol.asyncIterator]().next());
    });
  });
});

describe('the statistics of the library', () => {
  it('compare pairs that were measured anywhere', () => {
    const a = [9871, 9884, 9879, 9890, 9868, 9882, 9875, 9893, 9880, 9877];
    const b = [9866, 9879, 9881, 9880, 9861, 9876, 9878, 9881, 9872, 9869];
    const values = (own: readonly number[]) => own.map((x) => x / 1e4);
    const { verdict } = comparePairs({
      seeds: a.map((_, seed) => seed),
      baseline: values(b),
      challenger: values(a),
      metric: 'test.accuracy',
      direction: 'higher',
      alpha: 0.05,
      margin: 0,
      labels: { baseline: 'B', challenger: 'A' },
    });
    expect(verdict.decision).to.equal('better');
  });
});
