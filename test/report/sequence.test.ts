import { expect } from 'chai';
import { buildReport } from '../../src/report/build-report.js';
import { renderReportPage } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { renderReportText } from '../../src/report/report-text.js';
import { createLookNews } from '../../src/report/look-text.js';
import { followLooks } from '../../src/run/looks.js';
import type { Run } from '../../src/run/read-run.js';
import { sequentialRun } from '../support/sequential-run.js';
import { noise } from '../support/synthetic-run.js';

const clear = (seed: number) => 0.04 + 0.01 * noise(seed, 5);
const madeBy = { version: '0.0.0' };
const reportOf = (run: Run, metric?: string) =>
  buildReport(run, () => Promise.resolve(new Map()), { madeBy, metric });

describe('the report of a run that was decided in sequence', function () {
  this.timeout(60_000);

  it('has the sequential verdict and its interval, and leaves out what was run ahead', async () => {
    const run = await sequentialRun({
      difference: (seed) => (seed <= 9 ? clear(seed) : undefined),
    });
    const report = await reportOf(run);
    const [comparison] = report.comparisons;
    const { sequential, verdict, pairs } = comparison!;
    expect(verdict).to.include({ decision: 'better', provisional: false, pDifference: null });
    expect(sequential).to.include({ stoppedAt: 7, unused: 2, interim: false, cap: 10 });
    expect(pairs).to.include({ planned: 7, completed: 7 });
    const { interval } = sequential!;
    expect(interval!.level).to.equal(0.95);
    // At the critical t of a look with 0.035 spent, wider than a fixed interval.
    const { pairedT } = comparison!;
    if (!pairedT.computable) throw new Error(pairedT.because);
    const ratio = (interval!.high - interval!.low) / (pairedT.interval.high - pairedT.interval.low);
    expect(ratio).to.be.closeTo(2.712277 / 2.446912, 1e-5);
    expect(sequential!.boundary.map(({ n }) => n)).to.deep.equal([7, 8, 9, 10]);
    expect(report.headline.sentence).to.include(
      'stopped at 7 of at most 10 pairs; a mean that stopped a run is biased outward',
    );
    expect(report.paper.paragraph).to.include('a number that was not fixed before');
    expect(report.paper.paragraph).not.to.include('Clopper-Pearson');
    const text = renderReportText(report, { color: false, columns: 100, files: {} });
    expect(text).to.match(/Stopped at +7 pairs +\|t\| .* of 2\.71, sign flips 0\.016 of 0\.035/);
    expect(text).not.to.match(/smallest attainable/);
    expect(renderMarkdown(report)).to.include('| 7 |');
    const page = await renderReportPage(report);
    expect(page).to.include('<h2 id="looks">Looks</h2>');
    expect(page).to.include('Path of the decision');
    expect(page).to.include('2 pairs run ahead of the verdict are left out');
  });

  it('is interim while it is neither stopped nor at its cap', async () => {
    const flat = (seed: number) => (seed <= 8 ? 0.02 * (seed % 2 ? 1 : -1) : undefined);
    const report = await reportOf(await sequentialRun({ difference: flat }));
    expect(report.headline).to.include({ decision: 'inconclusive', provisional: true });
    expect(report.headline.sentence).to.match(/^Interim: .*not decided after 8 pairs/);
    expect(await renderReportPage(report)).to.include('<strong>Interim:</strong>');
  });

  it('is inconclusive at the cap, and not provisional', async () => {
    const flat = (seed: number) => 0.02 * (seed % 2 ? 1 : -1);
    const report = await reportOf(await sequentialRun({ difference: flat }));
    expect(report.headline).to.include({ decision: 'inconclusive', provisional: false });
    expect(report.headline.sentence).to.include('not decided in 4 looks, the last at 10 pairs');
  });

  it('is exploratory once seeds were added, by the tests of a fixed number of pairs', async () => {
    const extension = { time: '2026-01-01T00:00:00.000Z', seeds: [11, 12], hadResults: true };
    const report = await reportOf(await sequentialRun({ difference: clear, extension }));
    expect(report.decision.exploratory).to.equal(true);
    expect(report.comparisons[0]!.sequential).to.equal(undefined);
    expect(report.comparisons[0]!.pairs.completed).to.equal(12);
    const open = await sequentialRun({ difference: clear, extension, openEnded: true });
    expect((await reportOf(open)).decision.exploratory).to.equal(false);
  });

  it('says how the evidence stands, without a cap', async () => {
    const report = await reportOf(await sequentialRun({ difference: clear, openEnded: true }));
    expect(report.headline.sentence).to.match(
      /stopped after 7 pairs, without a cap.*E [\d.]+ of 20/,
    );
    expect(report.comparisons[0]!.sequential!.boundary).to.deep.equal([]);
    expect(await renderReportPage(report)).to.include(
      'The evidence E is computed after every pair',
    );
  });

  it('does not decide another metric in sequence', async () => {
    const report = await reportOf(await sequentialRun({ difference: clear }), 'test.loss');
    expect(report.decision.exploratory).to.equal(true);
    expect(report.comparisons[0]!.sequential).to.equal(undefined);
  });

  it('keeps a claim from a variant that diverged, and says why', async () => {
    const run = await sequentialRun({
      difference: clear,
      more: (seed) =>
        seed === 2
          ? { outcome: 'diverged', reason: 'NaN', loss: (variant) => (variant === 1 ? 'NaN' : 1) }
          : {},
    });
    const report = await reportOf(run);
    expect(report.headline.decision).to.equal('inconclusive');
    expect(report.headline.sentence).to.include(
      '1 failed pair would have to be explained before "better"',
    );
  });

  it('tells each look once, as it comes', async () => {
    const lines: string[] = [];
    const run = await sequentialRun({ difference: (seed) => 0.02 * (seed % 2 ? 1 : -1) });
    const newsOf = createLookNews(run.manifest);
    const follow = followLooks(run.manifest)!;
    for (const done of [6, 7, 9, 10]) {
      const look = follow((index) => (index < done ? run.trials[index] : undefined));
      lines.push(...newsOf(look).map(({ line }) => line));
    }
    expect(lines.map((line) => line.slice(0, 30))).to.deep.equal([
      'look at 7 of at most 10 pairs:',
      'look at 8 of at most 10 pairs:',
      'look at 9 of at most 10 pairs:',
      'look at 10 of at most 10 pairs',
    ]);
    expect(lines[0]).to.match(/\|t\| [\d.]+ of 2\.71, sign flips 1 of 0\.035: not decided$/);
  });
});
