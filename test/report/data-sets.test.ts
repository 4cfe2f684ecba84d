import { expect } from 'chai';
import { dataSetsTable } from '../../src/report/data-sets-text.js';
import { variesDataOnly } from '../../src/report/data-sets.js';
import { renderReportPage } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { reportSchema } from '../../src/report/report-schema.js';
import { syntheticReport } from '../support/report-page.js';
import { gainfulTrial } from '../support/synthetic-run.js';
import type { SyntheticRun } from '../support/synthetic-run.js';

const folders = ['/tables/iris', '/tables/wine', '/tables/digits'];
const elu =
  'variants.elu={label: ELU, input: raw, activation: elu, init: he, dropout: {kind: standard, rate: 0.2}}';
const overDataSets: SyntheticRun = {
  seeds: [1, 2, 3],
  overrides: ['data.dataset=path', 'data.path=/tables/iris', elu],
  points: folders.map((path) => ({ 'data.path': path })),
  trial: gainfulTrial(0.02, 0.001),
};

describe('a sweep over data sets', () => {
  const point = (values: Record<string, unknown>) => ({ values });
  const config = (path: string) => ({ data: { path } }) as never;

  it('is one whose points differ in data only, each with a folder of its own', () => {
    const points = folders.map((path) => point({ 'data.path': path }));
    expect(variesDataOnly(points, folders.map(config))).to.equal(true);
    const together = folders.map((path) => point({ 'data.path': path, 'data.batchSize': 8 }));
    expect(variesDataOnly(together, folders.map(config))).to.equal(true);
  });

  it('is none where anything else differs, or a folder comes twice', () => {
    const rates = folders.map((path) =>
      point({ 'data.path': path, 'training.optimizer.learningRate': 0.1 }),
    );
    expect(variesDataOnly(rates, folders.map(config))).to.equal(false);
    const sizes = [8, 16].map((size) => point({ 'data.batchSize': size }));
    expect(variesDataOnly(sizes, ['/a', '/a'].map(config))).to.equal(false);
    expect(variesDataOnly([point({})], [config('/a')])).to.equal(false);
  });

  it('has no ranks where it varies a learning rate', async () => {
    const points = [0.1, 0.2].map((rate) => ({ 'training.optimizer.learningRate': rate }));
    expect(await syntheticReport({ seeds: [1, 2], points })).not.to.have.property('dataSets');
  });
});

describe('the report of a sweep over data sets', () => {
  it('ranks the variants by their means on each, and tests the ranks', async () => {
    const report = await syntheticReport(overDataSets);
    reportSchema.parse(report);
    const { sets, ranking } = report.dataSets!;
    expect(sets.map(({ name, seeds }) => [name, seeds])).to.deep.equal([
      ['iris', 3],
      ['wine', 3],
      ['digits', 3],
    ]);
    expect(sets[0]?.ranks).to.deep.equal({ relu: 3, snn: 2, elu: 1 });
    if (!ranking.computable) throw new Error(ranking.because);
    expect(ranking.meanRanks).to.deep.equal({ relu: 3, snn: 2, elu: 1 });
    expect(ranking.friedman).to.include({ computable: true, chiSquared: 6, df: 2 });
    expect(ranking.imanDavenport.computable).to.equal(false);
    expect(ranking.againstBaseline[1]).to.include({ challenger: 'elu', difference: -2, wins: 3 });
    const { rows } = dataSetsTable(report, report.dataSets!);
    expect(rows.at(-1)).to.deep.equal(['mean rank', '3.00', '2.00', '1.00', '']);
  });

  it('shows them on the page and in Markdown', async () => {
    const report = await syntheticReport(overDataSets);
    const sentence = 'Mean ranks over 3 data sets, 1 is the best: ELU 1.00, SNN 2.00, ReLU 3.00.';
    const page = await renderReportPage(report);
    expect(page).to.include(sentence);
    expect(page).to.match(/<svg role="img" aria-label="Critical difference diagram"/);
    expect(page).to.include('<title>ELU: mean rank 1.00</title>');
    expect(report.paper.paragraph).to.match(
      /against ReLU, adjusted by Holm's method: SNN p 0\.\d+, ELU p 0\.0\d+\.$/,
    );
    const markdown = renderMarkdown(report);
    expect(markdown).to.include(sentence);
    expect(markdown).to.match(/^\| Nemenyi critical difference \| 1\.91 \|/m);
  });

  it('leaves a data set out, and says so, where a variant has no result', async () => {
    const { trial, ...rest } = overDataSets;
    const report = await syntheticReport({
      ...rest,
      trial: (one, variants) => (one.index < 3 ? undefined : trial!(one, variants)),
    });
    const { sets, ranking } = report.dataSets!;
    expect(sets[0]).to.deep.include({ seeds: 0, means: {}, ranks: {} });
    expect(ranking).to.include({ computable: true, n: 2 });
    expect(renderMarkdown(report)).to.include(
      '1 data set without results of every variant left out',
    );
  });
});
