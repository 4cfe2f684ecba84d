import { expect } from 'chai';
import { renderReportPage } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { overviewOf } from '../../src/report/run-overview.js';
import { pointTable } from '../../src/report/point-table.js';
import { renderPointTable } from '../../src/report/point-table-text.js';
import { raceSchema } from '../../src/report/race-document.js';
import { reportSchema } from '../../src/report/report-schema.js';
import { pointsCsv } from '../../src/export/point-export.js';
import { readTrainedRun } from '../../src/run/read-run.js';
import type { Run } from '../../src/run/read-run.js';
import { raceOf } from '../../src/run/race.js';
import type { Trial } from '../../src/run/manifest.js';
import { racedRun } from '../support/raced-run.js';
import { syntheticReport } from '../support/report-page.js';
import { writeSyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const runOf = (has?: (trial: Trial) => boolean): Promise<Run> =>
  withTemporaryFolder(async (folder) =>
    readTrainedRun(await writeSyntheticRun(folder, racedRun(has))),
  );

/** The trials that the race of {@link racedRun} runs. */
async function due(): Promise<(trial: Trial) => boolean> {
  const { manifest, trials } = await runOf();
  const { spared } = raceOf(manifest, (index) => trials[index])!;
  return ({ index }) => !spared.has(index);
}

describe('the report of a race', () => {
  it('says where and why each point was dropped, in every form', async () => {
    const report = await syntheticReport(racedRun(await due()));
    reportSchema.parse(report);
    const { race, trials } = report;
    expect(race).to.deep.include({ of: { variant: 'snn' }, over: true, seeds: 6 });
    expect(race!.trials).to.deep.equal({ run: 18, most: 30 });
    expect(race!.drops.map(({ point, seeds, reason }) => [point, seeds, reason])).to.deep.equal([
      [4, 2, 'diverged'],
      [2, 2, 'behind'],
      [3, 2, 'behind'],
    ]);
    expect(race!.survivors.map(({ point, seeds }) => [point, seeds])).to.deep.equal([
      [0, 6],
      [1, 6],
    ]);
    expect(trials.filter(({ state }) => state === 'dropped')).to.have.length(12);

    const why =
      /points of test accuracy behind learningRate 0\.1, more than the bound of \d+(\.\d+)?/;
    const markdown = renderMarkdown(report);
    expect(markdown).to.include(
      'Race by test accuracy of snn: 3 of 5 points dropped, 2 left; 18 of 30 trials run.',
    );
    expect(markdown).to.match(
      new RegExp(
        `\\| learningRate 0\\.8 \\| 2 of 6 \\| [\\d.]+ \\| dropped: [\\d.]+ ${why.source} \\|`,
      ),
    );
    expect(markdown).to.match(/\| learningRate 1\.6 \| 2 of 6 \| .* \| dropped: diverged \|/);
    expect(markdown).to.include('17 of 18 planned trials completed.');
    const page = await renderReportPage(report);
    expect(page).to.match(why);
    expect(page).to.include('<title>learningRate 0.8, 2 seeds: ');
    expect(page).to.include('behind, dropped</title>');
    expect(page).to.include('The race has spared 12 more.');
  });

  it('decides no comparison whose pairs a drop ended, and counts them all in the family', async () => {
    const { comparisons, headline } = await syntheticReport(racedRun(await due()));
    const dropped = comparisons.filter(({ point }) => point > 1);
    expect(
      dropped.map(({ verdict }) => [verdict.decision, verdict.provisional, verdict.pDifference]),
    ).to.deep.equal(Array.from({ length: 3 }, () => ['inconclusive', false, null]));
    expect(dropped[0]!.verdict.because).to.equal(
      'the race dropped it after 2 of 6 seeds, which depended on its results',
    );
    expect(dropped[0]!.pairs).to.include({ planned: 2, completed: 2 });
    expect(dropped[0]!.pairsToDecide.more).to.equal(null);
    const [best] = comparisons;
    expect(best!.verdict.comparisons).to.equal(5);
    // Holm: the smallest of five.
    const raw = Math.max(
      best!.pairedT.computable ? best!.pairedT.p : 1,
      best!.signFlip.computable ? best!.signFlip.p : 1,
    );
    expect(best!.verdict.pDifference).to.be.closeTo(5 * raw, 1e-12);
    expect(headline.provisional).to.equal(false);
  });

  it('counts no spared trial as planned where runs and points are listed', async () => {
    const run = await runOf(await due());
    expect(overviewOf(run, 'runs/x')).to.include({ state: 'done', completed: 17, planned: 18 });
    const table = pointTable(run);
    expect(table.points.map(({ planned }) => planned)).to.deep.equal([6, 6, 2, 2, 2]);
    const lines = renderPointTable(table, { columns: 200, dim: (text) => text });
    expect(lines.join('\n')).to.match(
      /learningRate 0\.8 +2\/2 .* dropped after 2 seeds(.*\n)*dropped after 2: learningRate 0\.8 \(\d/,
    );
    raceSchema.parse(table.race);
    const [head, ...rows] = pointsCsv(table).trimEnd().split('\n');
    expect(head).to.match(/,droppedAfter,droppedBecause$/);
    expect(rows.at(-1)).to.match(/,2,diverged$/);
    expect(rows[0]).to.match(/,,$/);
  });

  it('is open while it runs', async () => {
    const report = await syntheticReport(racedRun(({ seed }) => seed === 1));
    expect(report.race).to.deep.include({ over: false, looks: [], drops: [] });
    expect(renderMarkdown(report)).to.include(
      '0 of 5 points dropped, 5 racing; 5 of 30 trials run',
    );
    expect(await renderReportPage(report)).to.include('id="race"');
  });
});
