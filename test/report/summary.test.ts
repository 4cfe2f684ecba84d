import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { textWidth } from '../../src/text/text.js';
import { summarizeRun, summarizeTrial } from '../../src/report/summary.js';
import { renderSummary } from '../../src/report/summary-text.js';
import { trialRecords } from '../support/log-records.js';
import type { TrialOptions } from '../support/log-records.js';

const summaryOf = (...trials: TrialOptions[]) =>
  summarizeRun(trials.map((options) => summarizeTrial(trialRecords(options))));

/** Final losses 2, 3, 4 against 1, 3, 5: one win, one tie, one loss for the challenger. */
const threeSeeds = [1, 2, 3].map((seed, index) => ({
  trial: index,
  seed,
  steps: 2,
  loss: (variant: number) => (variant === 0 ? 2 + index : 1 + 2 * index),
  accuracy: () => 0.5,
  test: [0.75, 0.875],
}));

describe('summarizeTrial', () => {
  it('adds up times and counts resumes without counting steps twice', () => {
    const summary = summarizeTrial(trialRecords({ steps: 4 }));
    expect(summary.variants.relu).to.include({ trainMs: 400, evalMs: 160 });
    expect(summary.variants.snn).to.include({ trainMs: 404, evalMs: 164 });
    expect(summary).to.include({ outcome: 'completed', steps: 4, step: 4, resumes: 0 });
  });

  it('summarizes a trial that goes on', () => {
    const summary = summarizeTrial(trialRecords({ steps: 4, planned: 50 }).slice(0, 3));
    expect(summary).to.include({ steps: 50, step: 2 }).and.not.have.property('outcome');
  });
});

describe('summarizeRun', () => {
  it('gives mean, sample standard deviation, wins, ties and losses over the seeds', () => {
    const [loss, , , accuracy] = summaryOf(...threeSeeds).scores;
    expect(loss).to.deep.equal({
      score: 'loss',
      variants: { relu: { n: 3, mean: 3, sd: 1 }, snn: { n: 3, mean: 3, sd: 2 } },
      delta: { snn: { n: 3, mean: 0, sd: 1, wins: 1, ties: 1, losses: 1 } },
    });
    expect(accuracy).to.deep.include({ score: 'accuracy', split: 'test', examples: 512 });
    expect(accuracy?.delta.snn).to.include({ mean: 0.125, wins: 3, losses: 0 });
  });

  it('keeps trials that did not complete, but not in the scores', () => {
    const summary = summaryOf(...threeSeeds, {
      seed: 4,
      steps: 1,
      loss: () => 'NaN',
      test: [],
      outcome: 'diverged',
    });
    expect(summary.completed).to.equal(3);
    expect(summary.trials).to.have.lengthOf(4);
    expect(summary.scores[0]?.variants.snn).to.deep.equal({ n: 3, mean: 3, sd: 2 });
  });

  it('keeps the other comparisons where one of three variants diverged', () => {
    const variants = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [name, { label: name, parameters: 1 }]),
    );
    const loss = (variant: number) => (variant === 2 ? 'NaN' : 3 - variant);
    const trials = [1, 2].map((seed) => ({
      ...{ seed, variants, loss },
      test: [0.5, 0.75, 'NaN' as const],
      outcome: 'diverged' as const,
    }));
    const summary = summaryOf(...trials);
    expect(summary.scores[0]?.delta.b).to.include({ n: 2, mean: -1, wins: 2 });
    expect(summary.scores[0]?.delta.c).to.include({ n: 0 });
    expect(summary.scores[0]?.variants.c).to.include({ n: 0 });
    const text = renderSummary(summary, { color: false, columns: 200 });
    expect(text).to.include('\nc diverged on 2 of 2 seeds\n');
  });

  it('has no scores without trials or completed ones', () => {
    expect(summarizeRun([])).to.include({ completed: 0 });
    expect(summaryOf({ outcome: 'failed' }).scores).to.deep.equal([]);
  });
});

describe('renderSummary', () => {
  const options = { color: false, columns: 100 };

  it('shows one trial with its last scores, times and files', () => {
    const summary = summaryOf({
      steps: 50,
      loss: (variant) => 0.4 - variant / 5,
      accuracy: (variant) => 0.875 + variant / 16,
      test: [0.859375, 469 / 512],
    });
    const files = { log: 'runs/x/trials/0000/log.ndjson', figure: 'runs/x/figure.svg' };
    expect(renderSummary(summary, { ...options, files }).split('\n')).to.deep.equal([
      'SNN against ReLU: 50 steps, seed 1',
      '',
      '                          ReLU        SNN          Δ',
      'minibatch loss        0.400000   0.200000  -0.200000',
      'minibatch accuracy    0.875000   0.937500  +0.062500',
      'test loss (512)       0.500000   0.250000  -0.250000',
      'test accuracy (512)   0.859375   0.916016  +0.056641',
      'training time           5.00 s     5.05 s',
      'evaluation time         2.00 s     2.05 s',
      'parameters           3,274,634  3,274,634',
      '',
      'log     runs/x/trials/0000/log.ndjson',
      'figure  runs/x/figure.svg',
    ]);
  });

  it('shows several seeds as mean ± sd with the difference and who won', () => {
    const loss = (variant: number) => (variant === 1 ? 'NaN' : 1);
    const bad = {
      trial: 3,
      seed: 4,
      planned: 9,
      loss,
      outcome: 'diverged',
      reason: 'NaN',
    } as const;
    const lines = renderSummary(summaryOf(...threeSeeds, bad), options).split('\n');
    expect(lines.slice(0, 4)).to.deep.equal([
      'SNN against ReLU: 3 of 4 seeds completed',
      'SNN diverged on 1 of 4 seeds',
      'seed 4 diverged after step 3: NaN',
      '',
    ]);
    expect(lines[5]).to.match(
      /^minibatch loss +3\.000000 ± 1\.000000 +3\.000000 ± 2\.000000 +0\.000000 ± 1\.000000 +1 of 3 \(1 tied\)$/,
    );
    expect(lines[4]).to.match(/^ +ReLU +SNN +Δ +SNN wins$/);
  });

  it('shows when early stopping ended the training of each variant', () => {
    const trials = [
      { seed: 1, stops: { relu: { step: 20, bestStep: 8 }, snn: { step: 20, bestStep: 16 } } },
      { seed: 2, stops: { relu: { step: 12, bestStep: 8 }, snn: { step: 20, bestStep: 20 } } },
      { seed: 3, stops: { relu: { step: 16, bestStep: 12 }, snn: { step: 20, bestStep: 4 } } },
    ].map((trial) => ({ ...trial, steps: 20, test: [] }));
    const rowsOf = (summary: ReturnType<typeof summaryOf>) => {
      const lines = renderSummary(summary, options).split('\n');
      return lines.filter((line) => /stop|step \(|best step/.test(line));
    };
    expect(rowsOf(summaryOf(...trials)).map((line) => line.trimEnd().split(/ {2,}/))).to.deep.equal(
      [
        ['stopped early', '2 of 3', 'used all steps'],
        ['last step (median)', '14 (12 to 16)', '–'],
        ['best step (median)', '8 (8 to 12)', '16 (4 to 20)'],
      ],
    );
    expect(
      rowsOf(summaryOf(trials[1]!)).map((line) => line.trimEnd().split(/ {2,}/)),
    ).to.deep.equal([
      ['early stopping', 'at step 12', 'used all 20 steps'],
      ['best step', '8', '20'],
    ]);
    const plain = summaryOf({ steps: 20 });
    expect(plain.earlyStopping).to.equal(undefined);
    expect(rowsOf(plain)).to.deep.equal([]);
  });

  it('counts no stop of a trial that goes on', () => {
    const stops = { relu: { step: 4, bestStep: 2 } };
    const running = trialRecords({ steps: 9, planned: 20, stops }).slice(0, -1);
    expect(summarizeRun([summarizeTrial(running)]).earlyStopping).to.equal(undefined);
  });

  it('says when a trial has not ended and shows scores that are not finite', () => {
    const running = summarizeRun([summarizeTrial(trialRecords({ steps: 2 }).slice(0, 2))]);
    expect(renderSummary(running, options)).to.contain('seed 1 did not end after step 1');
    const diverged = summaryOf({ loss: () => 'NaN', outcome: 'diverged' });
    expect(renderSummary(diverged, options)).to.match(/minibatch loss +NaN +NaN +NaN/);
  });

  it('names the challenger of each difference when there are several', () => {
    const variants = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [name, { label: name.toUpperCase(), parameters: 1 }]),
    );
    const text = renderSummary(summaryOf({ variants, baseline: 'a' }), options);
    expect(text).to.match(/A +B +Δ B +C +Δ C\n/);
    expect(text.split('\n')[0]).to.equal('B, C against A: 3 steps, seed 1');
  });

  it('is never wider than the terminal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (columns, labels, seeds, color) => {
          const variants = Object.fromEntries(
            labels.map((label, index) => [`v${index}`, { label, parameters: 1 }]),
          );
          const trials = Array.from({ length: seeds }, (_, seed) => ({ seed, variants }));
          const text = renderSummary(summaryOf(...trials), { columns, color });
          for (const line of stripVTControlCharacters(text).split('\n')) {
            expect(textWidth(line)).to.be.at.most(columns);
          }
        },
      ),
    );
  });

  it('never cuts a path', () => {
    const log = 'a/path/longer/than/the/terminal/is/wide/log.ndjson';
    expect(renderSummary(summaryOf({}), { ...options, columns: 20, files: { log } })).to.contain(
      log,
    );
  });
});
