import { expect } from 'chai';
import { renderMarkdown } from '../../src/report/markdown.js';
import { renderReportPage } from '../../src/report/html/page.js';
import { reportOfRun } from '../../src/report/read-report.js';
import { reportSchema } from '../../src/report/report-schema.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { renderReportText } from '../../src/report/report-text.js';
import type { Trial } from '../../src/run/manifest.js';
import { noise, writeSyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

/** Accuracies that follow the data stream, and little else. */
function byData({ index, seed, streams }: Trial, variants: readonly string[]) {
  const luck = noise(streams!.data, 5);
  return {
    trial: index,
    seed,
    steps: 4,
    test: variants.map((_, i) => 0.8 + (0.02 + 0.01 * i) * luck + 1e-4 * noise(index, 3, i)),
  };
}

async function report(
  trial:
    | typeof byData
    | ((one: Trial, names: readonly string[]) => ReturnType<typeof byData> | undefined) = byData,
  ...overrides: string[]
): Promise<ReportDocument> {
  return withTemporaryFolder(async (out) => {
    const seeds = [1, 2, 3, 4, 5];
    const folder = await writeSyntheticRun(out, { seeds, levels: 5, steps: 4, trial, overrides });
    return reportOfRun(folder, { version: '1.0.0' });
  });
}

const noDropout = ['variants.relu.dropout=null', 'variants.snn.dropout=null'];

describe('the report of a decomposition of variance', function () {
  this.timeout(60_000);

  it('names the stream that dominates, and shows shares, intervals and what pairing bought', async () => {
    const made = await report();
    reportSchema.parse(made);
    expect(made.headline.sentence).to.match(
      /^SNN - ReLU, test accuracy: .* the data order dominates: /,
    );
    const text = renderReportText(made, { color: false, columns: 120, files: {} });
    expect(text).to.include('no independent pairs, and there is no verdict');
    expect(text).to.match(/SNN - ReLU {2}data order +(9\d|100)%/);
    expect(text).to.match(/data order +9\d%\n/);
    const markdown = renderMarkdown(made);
    expect(markdown).to.match(/^### Decomposition of variance/);
    expect(markdown).to.not.match(/inconclusive|better|worse/i);
    const page = await renderReportPage(made);
    expect(page).to.include('Shares of the variance');
    expect(page).to.include('Decomposition of variance');
    expect(made.paper.paragraph).to.include('a Latin square that crosses 5 seeds each');
    expect(made.paper.latex).to.include('initial weights');
  });

  it('does not decompose what a cell has no value of, and names the cell', async () => {
    const made = await report((one, names) => (one.index === 7 ? undefined : byData(one, names)));
    expect(made.variance?.missing).to.deep.equal([
      {
        trial: 7,
        streams: { data: 2, init: 3, dropout: 4 },
        variants: ['relu', 'snn'],
        because: 'planned',
      },
    ]);
    for (const { decomposition } of made.variance!.quantities) {
      expect(decomposition.computable || decomposition.because).to.equal(
        '1 cell of 25 without a value: trial 7 (data 2, init 3, dropout 4): planned',
      );
    }
    expect(made.headline.provisional).to.equal(true);
    expect(renderMarkdown(made)).to.include('Missing: relu, snn in trial 7');
    expect(await renderReportPage(made)).to.include('not decomposed');
  });

  it('is a two-way layout where nothing drops units, and says so', async () => {
    const made = await report(byData, ...noDropout);
    expect(made.variance?.streams).to.deep.equal(['data', 'init']);
    const [first] = made.variance!.quantities;
    expect(first!.decomposition.computable && first!.decomposition.rest.df).to.equal(16);
    expect(renderMarkdown(made)).to.include('No variant drops units');
  });
});
