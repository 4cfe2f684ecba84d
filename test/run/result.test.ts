import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { LockstepError } from '../../src/protocol/index.js';
import { readResult, trialResult } from '../../src/run/result.js';
import { expectError } from '../support/expect-error.js';
import { resumedRecords, trialRecords } from '../support/log-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const onTest = { step: 2, split: 'test', examples: 512 };

describe('trialResult', () => {
  it('gives the last minibatch, the evaluations and the differences from the baseline', () => {
    const records = trialRecords({
      trial: 2,
      seed: 9,
      steps: 2,
      loss: (variant, step) => 2 - variant - step / 4,
      accuracy: (variant) => 0.5 + variant / 4,
      test: [0.75, 0.875],
    });
    expect(trialResult(records, { point: { 'training.steps': 2 } })).to.deep.equal({
      schemaVersion: 2,
      trial: 2,
      seed: 9,
      point: { 'training.steps': 2 },
      outcome: 'completed',
      steps: 2,
      baseline: 'relu',
      variants: {
        relu: {
          label: 'ReLU',
          parameters: 3_274_634,
          final: {
            step: 2,
            examples: 128,
            scores: { loss: 1.5, accuracy: 0.5 },
            counts: { correct: 64 },
          },
          evaluations: [
            { ...onTest, scores: { loss: 0.5, accuracy: 0.75 }, counts: { correct: 384 } },
          ],
        },
        snn: {
          label: 'SNN',
          parameters: 3_274_634,
          final: {
            step: 2,
            examples: 128,
            scores: { loss: 0.5, accuracy: 0.75 },
            counts: { correct: 96 },
          },
          evaluations: [
            { ...onTest, scores: { loss: 0.25, accuracy: 0.875 }, counts: { correct: 448 } },
          ],
        },
      },
      delta: {
        snn: {
          final: { step: 2, examples: 128, scores: { loss: -1, accuracy: 0.25 } },
          evaluations: [{ ...onTest, scores: { loss: -0.25, accuracy: 0.125 } }],
        },
      },
    });
  });

  it('is the same to the byte when the trial crashed, was resumed and took longer', () => {
    const undisturbed = JSON.stringify(trialResult(trialRecords({ steps: 6 })));
    const resumed = resumedRecords({ steps: 6 }, { checkpoint: 3, crash: 5 }).map((record) => ({
      ...record,
      runId: 'another-20270101T000000Z-123456',
    }));
    expect(JSON.stringify(trialResult(resumed))).to.equal(undisturbed);
  });

  it('keeps what is not finite through JSON', () => {
    const records = trialRecords({
      steps: 1,
      loss: (variant) => (variant === 0 ? 1 : 'NaN'),
      accuracy: () => 0.125,
      test: [],
      outcome: 'diverged',
      reason: 'snn: the loss is NaN',
    });
    const result = trialResult(records);
    expect(JSON.parse(JSON.stringify(result))).to.deep.equal(result);
    expect(result).to.include({ outcome: 'diverged', reason: 'snn: the loss is NaN' });
    expect(result.variants.snn?.final?.scores.loss).to.equal('NaN');
    expect(result.delta.snn?.final?.scores).to.deep.equal({ loss: 'NaN', accuracy: 0 });
  });

  it('has no final scores when no step was trained', () => {
    const result = trialResult(trialRecords({ steps: 0, outcome: 'failed' }));
    expect(result.steps).to.equal(0);
    expect(result.variants.relu).to.deep.equal({
      label: 'ReLU',
      parameters: 3_274_634,
      evaluations: [],
    });
  });

  it('compares every challenger, and needs none', () => {
    const variants = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [name, { label: name, parameters: 1 }]),
    );
    const three = trialResult(trialRecords({ variants, baseline: 'b' }));
    expect(Object.keys(three.delta)).to.deep.equal(['a', 'c']);
    const one = trialResult(trialRecords({ variants: { a: { label: 'a', parameters: 1 } } }));
    expect(one.delta).to.deep.equal({});
  });

  it('refuses a log that has not ended', () => {
    expect(() => trialResult(trialRecords().slice(0, -1)))
      .to.throw(LockstepError, 'trial.end')
      .with.property('code', 'data');
  });
});

describe('readResult', () => {
  it('names what is wrong with a result that was changed, and gives none where there is none', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'result.json');
      expect(await readResult(path)).to.equal(undefined);
      const result = trialResult(trialRecords({ steps: 2 }));
      await writeFile(path, JSON.stringify(result));
      expect(await readResult(path)).to.deep.equal(JSON.parse(JSON.stringify(result)));
      for (const [change, says] of [
        [{ schemaVersion: 1 }, 'expected schemaVersion 2, got 1'],
        [{ delta: { snn: {} } }, 'delta.snn.evaluations: expected array'],
        [{ outcome: 'won' }, 'outcome: expected'],
      ] as const) {
        await writeFile(path, JSON.stringify({ ...result, ...change }));
        await expectError('data', `result.json: ${says}`, () => readResult(path));
      }
    });
  });
});
