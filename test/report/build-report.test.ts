import { expect } from 'chai';
import { comparisonTable } from '../../src/report/comparison-table.js';
import { renderReportPage } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { reportSchema } from '../../src/report/report-schema.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { winsTable } from '../../src/report/wins-table.js';
import { syntheticReport } from '../support/report-page.js';
import { gainfulTrial } from '../support/synthetic-run.js';
import type { SyntheticRun } from '../support/synthetic-run.js';

async function reportOf(options: SyntheticRun, metric?: string): Promise<ReportDocument> {
  const report = await syntheticReport(options, metric);
  reportSchema.parse(report);
  return report;
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

describe('buildReport', () => {
  it('says better in one sentence, with effect, interval, wins and what pairing bought', async () => {
    const { headline, comparisons, curves } = await reportOf({ seeds });
    expect(headline).to.include({ decision: 'better', provisional: false });
    expect(headline.sentence).to.match(
      /^SNN beats ReLU by \d\.\d points of test accuracy, 95% CI .*8 of 8 seeds; smallest p/,
    );
    const [only] = comparisons;
    expect(only?.pairs).to.include({ planned: 8, completed: 8 });
    expect(only?.pairingGain).to.include({ computable: true });
    expect(curves.map(({ quantity }) => quantity)).to.deep.equal([
      'minibatch.loss',
      'minibatch.accuracy',
    ]);
    const [loss] = curves;
    expect(loss?.variants[0]?.seeds).to.have.length(8);
    expect(loss?.differences[0]?.band).to.include({ computable: true, seeds: 8 });
  });

  it('says worse and equivalent where that is so', async () => {
    const worse = await reportOf({ seeds, trial: gainfulTrial(-0.05) });
    expect(worse.headline.decision).to.equal('worse');
    const same = await reportOf({ seeds, trial: gainfulTrial(0, 0.0005) });
    expect(same.headline.decision).to.equal('equivalent');
  });

  it('says how many more seeds would decide where it is inconclusive', async () => {
    const { headline } = await reportOf({ seeds, trial: gainfulTrial(0.008, 0.03) });
    expect(headline.decision).to.equal('inconclusive');
    expect(headline.sentence).to.match(/about \d+ more seeds would decide/);
  });

  it('says so of several comparisons in one, with the reason that all have', async () => {
    const points = [0.1, 0.2].map((rate) => ({ 'training.optimizer.learningRate': rate }));
    const report = await reportOf({ seeds: seeds.slice(0, 4), points });
    expect(report.headline.sentence).to.match(
      /: 2 inconclusive; 4 pairs cannot decide at alpha 0\.05 over 2 comparisons: "better" or "worse" takes at least 7, "equivalent" at least 6; about \d+ (to \d+ )?more seeds would decide them\.$/,
    );
    const { columns, rows } = comparisonTable(report);
    const column = columns.findIndex(({ title }) => title === 'More seeds');
    const more = rows.map((row) => row[column]);
    expect(more).to.deep.equal(
      report.comparisons.map(({ pairsToDecide }) => `${pairsToDecide.more}`),
    );
  });

  it('says of each comparison how often the challenger wins, and how probably it is better', async () => {
    const points = [0.1, 0.2].map((rate) => ({ 'training.optimizer.learningRate': rate }));
    const report = await reportOf({ seeds, points });
    const row = ['1', '95% CI 0.63 to 1', 'more often than not, and 0.75 is within reach'];
    expect(winsTable(report).rows).to.deep.equal(
      ['0.1', '0.2'].map((rate) => [`learningRate ${rate}`, ...row, '< 0.01', '< 0.01', '> 0.99']),
    );
    expect(renderMarkdown(report)).to.include('| With a new seed it wins |');
  });

  it('marks another metric than the registered one as exploratory, and gives it no margin', async () => {
    const { decision, headline } = await reportOf({ seeds }, 'test.loss');
    expect(decision).to.include({
      exploratory: true,
      registered: 'test.accuracy',
      direction: 'lower',
      margin: 0,
    });
    expect(headline.sentence).to.match(/^Exploratory: /);
  });

  it('refuses a metric the run did not measure', async () => {
    const error: unknown = await reportOf({ seeds }, 'validation.loss').catch((e: unknown) => e);
    expect(error).to.include({ code: 'usage' });
    expect(String(error)).to.match(/expected test\.loss, test\.accuracy, minibatch\.loss/);
  });

  it('drops no pair silently: failed, diverged and unbegun trials are missing pairs', async () => {
    const good = gainfulTrial(0.05);
    const { comparisons, trials, headline } = await reportOf({
      seeds,
      trial: (trial, variants) => {
        const made = good(trial, variants);
        if (trial.seed === 2) return { ...made, outcome: 'failed', reason: 'out of memory' };
        if (trial.seed === 5) return undefined;
        if (trial.seed !== 7) return made;
        const loss = (variant: number) => (variant === 1 ? 'NaN' : 1);
        return { ...made, steps: 3, loss, test: [], outcome: 'diverged' };
      },
    });
    expect(comparisons[0]?.pairs).to.include({ planned: 8, completed: 5 });
    expect(comparisons[0]?.pairs.missing).to.deep.equal([
      { seed: 2, missing: 'both' },
      { seed: 5, missing: 'both' },
      { seed: 7, missing: 'challenger' },
    ]);
    expect(trials.map(({ state }) => state).filter((state) => state !== 'completed')).to.deep.equal(
      ['failed', 'planned', 'diverged'],
    );
    expect(headline).to.include({ decision: 'inconclusive', provisional: true });
  });

  it('does not call a challenger better when it diverged on a seed, however far it won else', async () => {
    const good = gainfulTrial(0.3);
    const { comparisons } = await reportOf({
      seeds: [...seeds, 9, 10],
      trial: (trial, variants) => {
        if (trial.seed !== 10) return good(trial, variants);
        const loss = (variant: number) => (variant === 1 ? 'NaN' : 1);
        return { ...good(trial, variants), steps: 3, loss, test: [], outcome: 'diverged' };
      },
    });
    const { verdict } = comparisons[0]!;
    expect(verdict.pDifference).to.be.below(0.01);
    expect(verdict.decision).to.equal('inconclusive');
  });

  it('keeps the pairs of the others where one variant of three diverged on every seed', async () => {
    const good = gainfulTrial(0.05);
    const elu =
      'variants.elu={label: ELU, input: raw, activation: elu, init: he, dropout: {kind: standard, rate: 0.2}}';
    const { comparisons, headline, trials } = await reportOf({
      seeds,
      overrides: [elu],
      trial: (trial, variants) => {
        const made = good(trial, variants);
        const loss = (variant: number, step: number) =>
          variant === 2 ? 'NaN' : made.loss!(variant, step);
        return { ...made, loss, outcome: 'diverged' };
      },
    });
    expect(comparisons.map(({ pairs }) => pairs.completed)).to.deep.equal([8, 0]);
    expect(comparisons[0]?.verdict.decision).to.equal('better');
    expect(comparisons[1]?.pairs.missing[0]).to.deep.equal({ seed: 1, missing: 'challenger' });
    expect(headline.sentence).to.match(/; ELU diverged on 8 of 8 seeds\.$/);
    expect(trials[0]?.diverged).to.deep.equal(['elu']);
  });

  it('compares accuracies as counts', async () => {
    // 11 of 512 examples each; by subtraction the three differences are three numbers.
    const { comparisons } = await reportOf({
      seeds: [1, 2, 3],
      trial: ({ index, seed }) => {
        const correct = [180, 333, 501][index]!;
        return { trial: index, seed, steps: 20, test: [(correct - 11) / 512, correct / 512] };
      },
    });
    expect(comparisons[0]?.pairs.differences).to.deep.equal([11 / 512, 11 / 512, 11 / 512]);
    expect(comparisons[0]?.pairedT).to.include({ computable: false });
  });

  it('draws every curve that was measured at several steps', async () => {
    const { curves } = await reportOf({ seeds: [1, 2] });
    expect(curves.map(({ quantity, scale }) => [quantity, scale])).to.deep.equal([
      ['minibatch.loss', 'log'],
      ['minibatch.accuracy', 'linear'],
    ]);
  });

  it('is provisional until the planned number of pairs is complete', async () => {
    const { headline, comparisons } = await reportOf({ seeds, overrides: ['decision.pairs=20'] });
    expect(comparisons[0]?.pairs).to.include({ planned: 20, completed: 8 });
    expect(headline.provisional).to.equal(true);
    expect(headline.sentence).to.match(/12 of 20 planned pairs not run/);
  });

  it('adjusts over all points of a sweep and shows curves of a few', async () => {
    const rates = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
    const points = rates.map((rate) => ({ 'training.optimizer.learningRate': rate }));
    const { comparisons, curves, headline, points: labelled } = await reportOf({ seeds, points });
    expect(comparisons).to.have.length(6);
    expect(comparisons[0]?.verdict.comparisons).to.equal(6);
    expect(labelled[3]).to.deep.include({ label: 'learningRate 0.1' });
    expect(new Set(curves.map(({ point }) => point)).size).to.equal(4);
    expect(headline.sentence).to.match(/^Of 6 comparisons over 6 points against ReLU/);
  });

  it('holds every challenger against the baseline', async () => {
    const elu =
      'variants.elu={label: ELU, input: raw, activation: elu, init: he, dropout: {kind: standard, rate: 0.2}}';
    const { comparisons, config } = await reportOf({ seeds, overrides: [elu] });
    expect(comparisons.map(({ challenger }) => challenger)).to.deep.equal(['snn', 'elu']);
    expect(config.differences.find(({ path }) => path === 'activation')?.values).to.deep.equal({
      relu: ['"relu"'],
      snn: ['"selu"'],
      elu: ['"elu"'],
    });
  });

  it('says by point and variant when early stopping ended the training, on the page and in Markdown', async () => {
    const options: SyntheticRun = {
      seeds: [1, 2],
      points: [
        { 'training.optimizer.learningRate': 0.1 },
        { 'training.optimizer.learningRate': 1 },
      ],
      trial: ({ index, seed }) => ({
        ...{ trial: index, seed, steps: 20 },
        stops: {
          relu: { step: 20, bestStep: 18 },
          snn: index < 2 ? { step: 10 * seed, bestStep: 4 * seed } : { step: 20, bestStep: 20 },
        },
      }),
    };
    const report = await reportOf(options);
    expect(report.earlyStopping).to.have.length(4);
    expect(report.earlyStopping?.[1]).to.deep.equal({
      ...{ point: 0, variant: 'snn', stoppedEarly: 1, usedAllSteps: 1 },
      lastStep: { median: 10, min: 10, max: 10 },
      bestStep: { median: 6, min: 4, max: 8 },
    });
    const rows = renderMarkdown(report)
      .split('\n')
      .filter((line) => /SNN.*\||ReLU.*\|/.test(line) && !line.includes('%'));
    expect(rows).to.deep.include(
      String.raw`| learningRate 0.1 | SNN | 1 of 2 | 10 | 6 \(4 to 8\) |`,
    );
    expect(rows).to.deep.include('| learningRate 1 | ReLU | used all steps | – | 18 |');
    const page = await renderReportPage(report);
    expect(page)
      .to.include('href="#early-stopping"')
      .and.to.match(/1 of 2<\/td>/);
    const without = await reportOf({ seeds: [1] });
    expect(without).not.to.have.property('earlyStopping');
    expect(await renderReportPage(without)).not.to.include('Early stopping');
  });

  it('lists what is not a default with its default', async () => {
    const { config } = await reportOf({ seeds: [1] });
    const setting = config.settings.find(({ path }) => path === 'data.batchSize');
    expect(setting).to.deep.equal({ path: 'data.batchSize', values: ['16'], default: '128' });
    expect(config.settings.map(({ path }) => path)).not.to.include('decision.alpha');
    expect(config.yaml).to.match(/alpha: 0.05/);
  });

  it('takes what a sweep varies from its points', async () => {
    const points = [
      { 'training.steps': 20, 'variants.snn.dropout.rate': 0.1 },
      { 'training.steps': 40, 'variants.snn.dropout.rate': 0.2 },
    ];
    const report = await reportOf({ seeds: [1, 2], points, overrides: ['training.steps=7'] });
    expect(report.points.map(({ steps, batchSize }) => [steps, batchSize])).to.deep.equal([
      [20, 16],
      [40, 16],
    ]);
    const { settings, differences } = report.config;
    const setting = settings.find(({ path }) => path === 'training.steps');
    expect(setting).to.deep.equal({ path: 'training.steps', values: ['20', '40'], default: null });
    const difference = differences.find(({ path }) => path === 'dropout.rate');
    expect(difference?.values.snn).to.deep.equal(['0.1', '0.2']);
    expect(difference?.values.relu).to.have.length(1);
    expect(renderMarkdown(report)).to.include('20 to 40 steps of 16 examples');
    const page = await renderReportPage(report);
    expect(page).to.include('20 to 40 steps of 16 examples').and.to.include('0.1 | 0.2');
  });

  for (const count of [1, 2]) {
    it(`reports ${count} of ${count} seeds without a claim`, async () => {
      const { headline } = await reportOf({ seeds: seeds.slice(0, count) });
      expect(headline.decision).to.equal('inconclusive');
    });
  }
});
