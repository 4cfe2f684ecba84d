import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LogRecord } from '../../src/log/records.js';
import { LockstepError } from '../../src/protocol/index.js';
import type { TrialResult } from '../../src/run/result.js';
import type { TrialOptions } from '../../src/trial/options.js';
import { runTrial } from '../../src/trial/run-trial.js';
import { expectError } from '../support/expect-error.js';
import { fakeBackend, fakeTrial } from '../support/fake-trial.js';
import type { FakeBackend, FakeSums } from '../support/fake-trial.js';
import { lastingRecords } from '../support/lasting-record.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const third = 'variants.c={activation: relu, init: he}';

/** The step after which a variant's loss is not finite. */
function lost(steps: Readonly<Record<string, number>>, place?: 'split'): FakeSums {
  return (variant, step, at) =>
    step >= (steps[variant] ?? Infinity) && (place === undefined || place === at)
      ? { loss: NaN, correct: 0 }
      : { loss: 8 / step, correct: step % 8 };
}

async function resultOf({ files }: TrialOptions): Promise<TrialResult> {
  return JSON.parse(await readFile(files.result, 'utf8')) as TrialResult;
}

function eventsOf(records: readonly LogRecord[]): string[] {
  return records.map((record) =>
    record.event === 'step' || record.event === 'checkpoint'
      ? `${record.event} ${record.step}`
      : record.event,
  );
}

describe('runTrial', () => {
  it('logs a start, every step, the evaluation, the checkpoint and the end, and leaves a result', async () => {
    await withTemporaryFolder(async (folder) => {
      const backend = fakeBackend();
      const trial = await fakeTrial(folder, backend);
      expect(await runTrial(trial)).to.equal('completed');
      const steps = Array.from({ length: 10 }, (_, index) => `step ${index + 1}`);
      expect(eventsOf(await trial.records())).to.deep.equal([
        'trial.start',
        ...steps,
        'evaluation',
        'checkpoint 10',
        'trial.end',
      ]);
      const { variants } = await resultOf(trial);
      expect(variants.relu?.final).to.deep.equal({
        step: 10,
        examples: 8,
        scores: { loss: 0.1, accuracy: 0.25 },
        counts: { correct: 2 },
      });
      expect(backend.alive.size, 'sessions left open').to.equal(0);
    });
  });

  describe('with early stopping', () => {
    const overrides = [
      'training.earlyStopping={metric: validation.loss, patience: 2}',
      'evaluation.every=1',
      'evaluation.splits=[{split: validation}, {split: test}]',
    ];
    /** Losses on splits that are smallest at a step of each variant's own. */
    const course: FakeSums = (variant, step, at) => ({
      loss: at === 'minibatch' ? 8 / step : 8 + Math.abs(step - (variant === 'relu' ? 2 : 5)),
      correct: 1,
    });

    it('stops each variant by itself, and evaluates the best weights of all at the end', async () => {
      await withTemporaryFolder(async (folder) => {
        const backend = fakeBackend({ sums: course });
        const trial = await fakeTrial(folder, backend, overrides);
        expect(await runTrial(trial)).to.equal('completed');
        expect(backend.trained.get('relu')).to.deep.equal([1, 2, 3, 4]);
        expect(backend.trained.get('snn')).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
        const records = await trial.records();
        const stops = records.filter(({ event }) => event === 'variant.stop');
        expect(stops[0]).to.include({ variant: 'relu', step: 4, bestStep: 2, best: 1 });
        expect(stops[1]).to.include({ variant: 'snn', step: 7, bestStep: 5, best: 1, level: 30 });
        expect(eventsOf(records).slice(-6)).to.deep.equal([
          ...[
            'evaluation',
            'variant.stop',
            'evaluation',
            'evaluation',
            'checkpoint 7',
            'trial.end',
          ],
        ]);
        const { variants, steps, delta } = await resultOf(trial);
        expect(steps).to.equal(7);
        expect(variants.relu?.stopped).to.deep.equal({ step: 4, bestStep: 2, early: true });
        expect(variants.snn?.stopped).to.deep.equal({ step: 7, bestStep: 5, early: true });
        expect(delta.snn?.evaluations.at(-1)).to.deep.include({ step: 7, split: 'test' });
        expect(variants.relu?.evaluations.at(-1)?.scores.loss, '8 of 16 examples').to.equal(0.5);
        expect(backend.alive.size, 'sessions left open').to.equal(0);
      });
    });

    it('ends like an undisturbed trial after a stop at any step and a resume', async () => {
      await withTemporaryFolder(async (undisturbed) => {
        const whole = await fakeTrial(undisturbed, fakeBackend({ sums: course }), [
          ...overrides,
          'checkpoint.every=3',
        ]);
        await runTrial(whole);
        const expected = lastingRecords(await whole.records());
        for (let stopAt = 1; stopAt < 7; stopAt += 1) {
          await withTemporaryFolder(async (folder) => {
            const trial = await fakeTrial(folder, fakeBackend({ sums: course }), [
              ...overrides,
              'checkpoint.every=3',
            ]);
            const stop = new AbortController();
            const onRecord = (record: LogRecord) => {
              if (record.event === 'step' && record.step === stopAt) stop.abort();
            };
            await runTrial({ ...trial, stop: stop.signal, onRecord });
            const backend = fakeBackend({ sums: course });
            expect(await runTrial({ ...trial, backend }), `stopped at ${stopAt}`).to.equal(
              'completed',
            );
            expect(
              lastingRecords(await trial.records()).filter(
                (record) => !('outcome' in record && record.outcome === 'interrupted'),
              ),
              `stopped at ${stopAt}`,
            ).to.deep.equal(expected);
            const results = [
              await readFile(trial.files.result),
              await readFile(whole.files.result),
            ];
            expect(results[0]!.equals(results[1]!)).to.equal(true);
          });
        }
      });
    });
  });

  it('leaves a trial that has its result as it is', async () => {
    await withTemporaryFolder(async (folder) => {
      const trial = await fakeTrial(folder, fakeBackend());
      await runTrial(trial);
      const before = await readFile(trial.files.log, 'utf8');
      const idle = fakeBackend();
      expect(await runTrial({ ...trial, backend: idle })).to.equal('completed');
      expect(idle.trained.size).to.equal(0);
      expect(await readFile(trial.files.log, 'utf8')).to.equal(before);
    });
  });

  it('ends like an undisturbed trial after a stop at any step and a resume', async () => {
    await withTemporaryFolder(async (undisturbed) => {
      const whole = await fakeTrial(undisturbed, fakeBackend(), ['checkpoint.every=4']);
      await runTrial(whole);
      const expected = lastingRecords(await whole.records());
      for (const stopAt of [1, 4, 5, 7]) {
        await withTemporaryFolder(async (folder) => {
          const stop = new AbortController();
          const trial = await fakeTrial(folder, fakeBackend(), ['checkpoint.every=4']);
          const onRecord = (record: LogRecord) => {
            if (record.event === 'step' && record.step === stopAt) stop.abort();
          };
          expect(await runTrial({ ...trial, stop: stop.signal, onRecord })).to.equal('interrupted');
          expect(await runTrial({ ...trial, backend: fakeBackend() })).to.equal('completed');
          expect(lastingRecords(await trial.records()), `stopped at ${stopAt}`).to.deep.equal(
            expected,
          );
          const results = [await readFile(trial.files.result), await readFile(whole.files.result)];
          expect(results[0]!.equals(results[1]!)).to.equal(true);
          const traces = [await readFile(trial.files.trace), await readFile(whole.files.trace)];
          expect(traces[0]!.equals(traces[1]!)).to.equal(true);
        });
      }
    });
  });

  it('goes on from an older checkpoint where the newest is damaged, and says so', async () => {
    await withTemporaryFolder(async (folder) => {
      const stop = new AbortController();
      const trial = await fakeTrial(folder, fakeBackend(), ['checkpoint.every=4']);
      const onRecord = (record: LogRecord) => {
        if (record.event === 'step' && record.step === 8) stop.abort();
      };
      await runTrial({ ...trial, stop: stop.signal, onRecord });
      const names = await readdir(join(trial.files.folder, 'checkpoints'));
      const newest = names.sort().at(-1)!;
      await writeFile(join(trial.files.folder, 'checkpoints', newest, 'snn.safetensors'), 'torn');
      const notices: string[] = [];
      const backend = fakeBackend();
      await runTrial({ ...trial, backend, onNotice: (text) => notices.push(text) });
      expect(notices.join()).to.match(/checkpoint of step \d+ passed over, going on from step 4/);
      expect(backend.trained.get('snn')?.[0]).to.equal(5);
      const resume = (await trial.records()).find(({ event }) => event === 'trial.resume');
      expect(resume).to.deep.include({ step: 4 }).and.have.property('passedOver');
    });
  });

  it('stops a variant that diverges and no other, and says so in log and result', async () => {
    await withTemporaryFolder(async (folder) => {
      const backend = fakeBackend({ sums: lost({ c: 3 }) });
      const trial = await fakeTrial(folder, backend, [third]);
      expect(await runTrial(trial)).to.equal('diverged');
      const records = await trial.records();
      const end = records.find(({ event }) => event === 'variant.end');
      expect(end).to.include({ step: 3, variant: 'c', outcome: 'diverged', level: 40 });
      for (const record of records) {
        if (record.event !== 'step' && record.event !== 'evaluation') continue;
        const names = record.step > 3 ? ['relu', 'snn'] : ['relu', 'snn', 'c'];
        expect(Object.keys(record.variants), `step ${record.step}`).to.deep.equal(names);
      }
      expect(records.at(-1)).to.include({ event: 'trial.end', outcome: 'diverged', step: 10 });
      const { variants, delta } = await resultOf(trial);
      expect(variants.c?.diverged).to.include({ step: 3 });
      expect(delta.snn?.evaluations).to.have.length(1);
      expect(delta.c).to.deep.equal({ evaluations: [] });
      expect(await readdir(join(trial.files.folder, 'checkpoints/step-000010'))).to.have.members([
        'relu.safetensors',
        'snn.safetensors',
        'state.json',
      ]);
    });
  });

  it('does not open a variant again, after a resume, that had diverged before', async () => {
    await withTemporaryFolder(async (folder) => {
      const stop = new AbortController();
      const sums = lost({ c: 3 });
      const trial = await fakeTrial(folder, fakeBackend({ sums }), [third]);
      const onRecord = (record: LogRecord) => {
        if (record.event === 'step' && record.step === 6) stop.abort();
      };
      await runTrial({ ...trial, stop: stop.signal, onRecord });
      const backend = fakeBackend({ sums });
      expect(await runTrial({ ...trial, backend })).to.equal('diverged');
      expect([...backend.trained.keys()]).to.deep.equal(['relu', 'snn']);
      expect((await resultOf(trial)).variants.c?.diverged).to.include({ step: 3 });
    });
  });

  for (const [what, steps] of [
    ['the baseline', { relu: 2 }],
    ['the last challenger', { snn: 2, c: 2 }],
  ] as const) {
    it(`ends when ${what} has diverged: there is nothing left to compare`, async () => {
      await withTemporaryFolder(async (folder) => {
        const trial = await fakeTrial(folder, fakeBackend({ sums: lost(steps) }), [third]);
        expect(await runTrial(trial)).to.equal('diverged');
        const end = (await trial.records()).at(-1);
        expect(end).to.include({ event: 'trial.end', step: 2 });
        const names = Object.keys(steps);
        const due = names.map((name) => `step 2: the loss of variant ${name} became NaN`);
        expect(end).to.have.property('reason', due.join('; '));
      });
    });
  }

  it('scores minibatches by means over examples only, and keeps the values by class of a split', async () => {
    await withTemporaryFolder(async (folder) => {
      const sums = () => ({
        loss: 8,
        correct: 4,
        classHits: [4, 0],
        classActual: [4, 0],
        classPredicted: [8, 0],
      });
      const trial = await fakeTrial(folder, fakeBackend({ sums }), [
        'evaluation.metrics=[accuracy, balancedAccuracy]',
      ]);
      await runTrial(trial);
      const records = await trial.records();
      const step = records.find((record) => record.event === 'step');
      expect(step?.variants.snn?.scores).to.have.all.keys('loss', 'accuracy');
      const evaluation = records.find((record) => record.event === 'evaluation');
      expect(evaluation?.variants.snn).to.deep.equal({
        scores: { loss: 0.5, accuracy: 0.25, balancedAccuracy: 1 },
        counts: { correct: 4 },
        perClass: { balancedAccuracy: [1, null] },
      });
      const result = await resultOf(trial);
      expect(result.variants.snn?.evaluations[0]?.perClass).to.deep.equal({
        balancedAccuracy: [1, null],
      });
      expect(result.delta.snn?.evaluations[0]).not.to.have.property('perClass');
    });
  });

  it('counts a loss that is not finite in an evaluation as divergence', async () => {
    await withTemporaryFolder(async (folder) => {
      const backend = fakeBackend({ sums: lost({ snn: 1 }, 'split') });
      const trial = await fakeTrial(folder, backend, ['evaluation.minibatch=false']);
      expect(await runTrial(trial)).to.equal('diverged');
      const { outcome, reason, variants } = await resultOf(trial);
      expect(outcome).to.equal('diverged');
      expect(reason).to.equal('step 10: the loss of variant snn on test became NaN');
      expect(variants.snn?.evaluations[0]?.scores).to.deep.equal({ loss: 'NaN', accuracy: 'NaN' });
      expect(variants.snn?.evaluations[0]).not.to.have.property('counts');
    });
  });

  const failures: Readonly<Record<string, (trial: TrialOptions) => TrialOptions>> = {
    'a dataset that does not load': (trial) => ({
      ...trial,
      loadDataset: () => Promise.reject(new LockstepError('data', 'broken')),
    }),
    'a session that does not open': (trial) => ({
      ...trial,
      backend: fakeBackend({
        failure: (variant, step) =>
          variant === 'snn' && step === 0 ? new LockstepError('data', 'broken') : undefined,
      }),
    }),
    'a step that fails': (trial) => ({
      ...trial,
      backend: fakeBackend({
        failure: (variant, step) =>
          variant === 'snn' && step === 4 ? new LockstepError('data', 'broken') : undefined,
      }),
    }),
  };
  for (const [what, broken] of Object.entries(failures)) {
    it(`ends the log as failed for ${what}, throws, and leaves no session open`, async () => {
      await withTemporaryFolder(async (folder) => {
        const trial = await fakeTrial(folder, fakeBackend());
        const options = broken(trial);
        await expectError('data', 'broken', () => runTrial(options));
        const end = (await trial.records()).at(-1);
        expect(end).to.include({ event: 'trial.end', outcome: 'failed', code: 'data' });
        expect((options.backend as FakeBackend).alive.size).to.equal(0);
        // Nothing of the failure stays: the trial can be run again, to the same end.
        expect(await runTrial(trial)).to.equal('completed');
      });
    });
  }

  it('refuses a session without the GPU that was asked for', async () => {
    await withTemporaryFolder(async (folder) => {
      const trial = await fakeTrial(folder, fakeBackend());
      const manifest = { ...trial.manifest, engine: { ...trial.manifest.engine, device: 'gpu' } };
      const options = { ...trial, manifest } as TrialOptions;
      await expectError('usage', 'Expected the requested GPU for the variant relu', () =>
        runTrial(options),
      );
      const backend = fakeBackend({ device: 'gpu' });
      expect(await runTrial({ ...options, backend })).to.equal('completed');
    });
  });

  it('has one writer: a second process waits for the lock of the first', async () => {
    await withTemporaryFolder(async (folder) => {
      const trial = await fakeTrial(folder, fakeBackend());
      const notices: string[] = [];
      const outcomes = await Promise.all([
        runTrial(trial),
        runTrial({ ...trial, onNotice: (text) => notices.push(text) }),
      ]);
      expect(outcomes).to.deep.equal(['completed', 'completed']);
      const records = await trial.records();
      expect(records.filter(({ event }) => event === 'trial.start')).to.have.length(1);
    });
  });
});

describe('a checkpoint without a variant that still trains', () => {
  it('is refused: the variant would begin again with fresh weights, unnoticed', async () => {
    await withTemporaryFolder(async (folder) => {
      const trial = await fakeTrial(folder, fakeBackend(), ['checkpoint.every=4']);
      const stop = new AbortController();
      const onRecord = (record: LogRecord) => {
        if (record.event === 'step' && record.step === 5) stop.abort();
      };
      await runTrial({ ...trial, stop: stop.signal, onRecord });
      const names = (await readdir(join(trial.files.folder, 'checkpoints'))).sort();
      for (const name of names) {
        const path = join(trial.files.folder, 'checkpoints', name, 'state.json');
        const state = JSON.parse(await readFile(path, 'utf8')) as { files: object };
        const files = Object.entries(state.files).filter(([file]) => !file.startsWith('snn'));
        await writeFile(path, JSON.stringify({ ...state, files: Object.fromEntries(files) }));
      }
      await expectError('data', 'expected the weights of snn, which still trains, got none', () =>
        runTrial(trial),
      );
    });
  });
});
