import { expect } from 'chai';
import { testLabelsMd5 } from '../../src/data/dataset.js';
import { predictionSections } from '../../src/predictions/prediction-section.js';
import { renderReportPage } from '../../src/report/html/page.js';
import { reportSchema } from '../../src/report/report-schema.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { twoPictures } from '../support/examples.js';
import { syntheticReport } from '../support/report-page.js';

const dataset = twoPictures();
const trial = (seed: number, relu: number[], snn: number[]) => ({
  seed,
  step: 1,
  labelsMd5: testLabelsMd5(dataset),
  variants: { relu: Uint8Array.from(relu), snn: Uint8Array.from(snn) },
});
const hostile = '<b>"SNN"</b>';

async function reportWith(trials: ReturnType<typeof trial>[]): Promise<ReportDocument> {
  const report = await syntheticReport({ seeds: [1, 2, 3] });
  const variant = { input: 'raw', activation: 'relu', init: 'he' } as const;
  const dropout = { kind: 'standard', rate: 0 } as const;
  const config = {
    variants: {
      relu: { ...variant, dropout, label: 'ReLU' },
      snn: { ...variant, dropout, label: hostile },
    },
    baseline: 'relu',
    decision: { metric: 'test.accuracy', alpha: 0.05, margin: 0.005 },
  };
  const sections = predictionSections(trials, config, dataset);
  return { ...report, predictions: sections.map((section) => ({ point: 0, ...section })) };
}

describe('the predictions in a report', () => {
  const trials = [trial(1, [4, 1], [4, 7]), trial(2, [4, 1], [4, 7]), trial(3, [4, 7], [4, 1])];

  it('are data that the schema knows', async () => {
    expect(reportSchema.safeParse(await reportWith(trials)).success).to.equal(true);
    expect((await reportWith([])).predictions).to.deep.equal([]);
  });

  it("are shown as McNemar's test of every seed, an interval and pictures with words", async () => {
    const page = await renderReportPage(await reportWith(trials));
    expect(page).to.include('<h2 id="predictions">Predictions</h2>');
    expect(page).to.match(/<th scope="row">3<\/th>\s*<td class="number">1<\/td>/);
    expect(page).to.include('Accuracy differs by +16.67 percentage points, 95% interval');
    expect(page).to.match(
      /<img src="data:image\/png;base64,[\w+/=]+" alt="Test example 1, class 7\./,
    );
    expect(page).to.include('img-src data:; ');
    expect(page).not.to.include(hostile);
  });

  it('are shown as confusion matrices, and as a reliability diagram where probabilities were kept', async () => {
    const plain = await renderReportPage(await reportWith(trials));
    expect(plain).to.include('Confusion matrix of ReLU');
    expect(plain).to.match(/<th scope="row">4<\/th>/);
    expect(plain).not.to.include('Calibration');
    const confidences = { relu: Float32Array.of(0.5, 0.9), snn: Float32Array.of(0.8, 0.9) };
    const report = await reportWith(trials.map((own) => ({ ...own, confidences })));
    expect(reportSchema.safeParse(report).success).to.equal(true);
    const page = await renderReportPage(report);
    expect(page).to.include('Calibration: ');
    expect(page).to.include('ReLU: 33.3% of 3 right at 90.0%');
    expect(page).not.to.include(hostile);
  });

  it('name classes as the data do', async () => {
    const [section] = (await reportWith(trials)).predictions;
    const classNames = ['a', 'b', 'c', 'd', 'cat', 'e', 'f', '<dog>'];
    const report = await reportWith([]);
    const page = await renderReportPage({ ...report, predictions: [{ ...section!, classNames }] });
    expect(page).to.include('<th scope="row">cat</th>');
    expect(page).to.include('<th scope="row">&#60;dog');
  });

  it('have no section where none were kept, and say why an interval is missing', async () => {
    expect(await renderReportPage(await reportWith([]))).not.to.include('id="predictions"');
    const single = await renderReportPage(await reportWith(trials.slice(0, 1)));
    expect(single).to.match(/not computable because it needs at least 2 seeds/);
  });
});
