import { expect } from 'chai';
import { renderReportPage } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { reportSchema } from '../../src/report/report-schema.js';
import { racedRun } from '../support/raced-run.js';
import { syntheticReport } from '../support/report-page.js';
import { gainfulTrial } from '../support/synthetic-run.js';
import type { SyntheticRun } from '../support/synthetic-run.js';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

async function paperOf(options: SyntheticRun, metric?: string) {
  const report = await syntheticReport(options, metric);
  reportSchema.parse(report);
  return report.paper;
}

describe('what a report says for a paper', () => {
  it('answers what varies, by which method and assumptions, n, alpha and the correction', async () => {
    const { paragraph, factors } = await paperOf({ seeds });
    expect(factors).to.deep.equal([
      { name: 'the order of the training examples', shared: true },
      { name: 'the initial weights', shared: true },
      { name: 'the dropped units', shared: true },
    ]);
    for (const part of [
      'We compare SNN with the baseline ReLU by test accuracy after 20 steps of 16 examples.',
      'n = 8 pairs, a number fixed before the results were known.',
      'both variants of a pair have the same random draws of all of these.',
      'the sample standard deviation over seeds',
      'the 95% confidence interval of the mean paired difference',
      'assumes independent and normally distributed differences',
      'at alpha = 0.05',
      'exact sign-flip test, which assumes symmetric differences only',
      'within ±0.5 points of test accuracy (TOST)',
      'There is one comparison, so p is not adjusted for others.',
      'with a new seed is estimated at 1 (Clopper-Pearson 95% CI 0.63 to 1).',
    ]) {
      expect(paragraph).to.include(part);
    }
    expect(paragraph).to.match(/SNN minus ReLU is \+5\.\d+ points .* p = 0\.008: better\./);
  });

  it('names only what training draws, and what is drawn independently', async () => {
    const { paragraph, factors } = await paperOf({
      seeds,
      overrides: [
        'pairing.init=independent',
        'variants.relu.dropout.rate=0',
        'variants.snn.dropout.rate=0',
        'training.augmentation=[{kind: noise, std: 0.1}]',
      ],
    });
    expect(factors).to.deep.equal([
      { name: 'the order of the training examples', shared: true },
      { name: 'the initial weights', shared: false },
      { name: 'the augmentation', shared: true },
    ]);
    expect(paragraph).to.include(
      'the same random draws of the order of the training examples and the augmentation, and independent ones of the initial weights.',
    );
  });

  it('has a row for each comparison, Holm for several, and missing pairs', async () => {
    const points = [0.1, 0.2].map((rate) => ({ 'training.optimizer.learningRate': rate }));
    const good = gainfulTrial(0.05);
    const { paragraph, latex } = await paperOf({
      seeds,
      points,
      trial: (trial, variants) => (trial.index === 3 ? undefined : good(trial, variants)),
    });
    expect(paragraph).to.include("adjusted by Holm's method over the 2 comparisons");
    expect(paragraph).to.include('n = 7 to 8 pairs in each comparison of 8 planned;');
    expect(latex.match(/^ {2}learningRate 0\.\d & .* & [78] \\\\$/gm)).to.have.length(2);
  });

  it('says that settings raced, and how many pairs the others have', async () => {
    const { paragraph } = await paperOf(racedRun());
    expect(paragraph).to.include('n = 6 pairs in each comparison,');
    expect(paragraph).to.match(/The 5 settings raced over 6 seeds: .* 3 ended so;/);
  });

  it('says so where it is exploratory', async () => {
    const { paragraph } = await paperOf({ seeds }, 'test.loss');
    expect(paragraph).to.match(
      /^This analysis is exploratory\. .* by test loss \(lower is better\)/,
    );
    expect(paragraph).not.to.include('TOST');
  });

  it('escapes labels in LaTeX, and stands on the page and in Markdown as it is', async () => {
    const report = await syntheticReport({
      seeds,
      overrides: [`variants.snn.label=${JSON.stringify('100% \\input{x} & `co`')}`],
    });
    const { latex } = report.paper;
    expect(latex).to.include(
      '  100\\% \\textbackslash{}input\\{x\\} \\& \\textasciigrave{}co\\textasciigrave{} vs. ReLU & ',
    );
    expect(renderMarkdown(report)).to.include(`\`\`\`latex\n${latex}\`\`\``);
    const page = await renderReportPage(report);
    expect(page).to.match(/<pre class="copy"[^>]*>We compare 100\\% \\textbackslash\{\}input/);
  });
});
