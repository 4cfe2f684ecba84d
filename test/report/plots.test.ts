import { expect } from 'chai';
import { differenceTitle, drawnRange } from '../../src/report/plots/theme.js';
import { forestPlot } from '../../src/report/plots/forest-plot.js';
import { parallelPlot } from '../../src/report/plots/parallel-plot.js';
import { renderSvg } from '../../src/report/plots/render.js';
import { sweepPlot } from '../../src/report/plots/sweep-plot.js';
import { sweptTexts } from '../../src/report/sweep-points.js';
import { syntheticReport } from '../support/report-page.js';
import { gainfulTrial } from '../support/synthetic-run.js';

describe('plots of a report', () => {
  it('call the axis of differences by the labels where they fit, else by the roles', () => {
    const labels = { challenger: 'SNN', baseline: 'ReLU' };
    expect(differenceTitle(labels, ', points', 200)).to.equal('SNN − ReLU, points');
    const long = { ...labels, challenger: 'wide '.repeat(20) };
    expect(differenceTitle(long, '', 450)).to.equal('challenger − baseline');
  });

  it('leave most of their width to the marks, however long a label is', async () => {
    const { comparisons } = await syntheticReport({ seeds: [1, 2, 3, 4, 5, 6] });
    const [comparison] = comparisons;
    const rows = [{ label: 'a very long label '.repeat(12), comparison: comparison! }];
    const svg = await renderSvg(forestPlot(rows, 1080));
    // The first group is moved to the plotting area, right of the labels.
    const [, left] = /<g[^>]* transform="translate\((\d+),/.exec(svg)!;
    expect(Number(left)).to.be.within(200, 340);
  });

  it('write swept numbers as they are', async () => {
    const { comparisons, points } = await syntheticReport({
      seeds: [1, 2, 3, 4, 5, 6],
      points: [16, 20, 32].map((units) => ({ 'training.steps': units })),
    });
    const rows = comparisons.map((comparison) => ({
      ...points[comparison.point]!,
      comparison,
    }));
    const axis = { path: 'training.steps', name: 'steps', text: String };
    const svg = await renderSvg(sweepPlot(rows, axis, { width: 520, height: 320 }));
    for (const text of ['16', '20', '32']) expect(svg).to.include(`>${text}</text>`);
    expect(svg).not.to.match(/>\de\+\d</);
  });

  it('are not flattened by the intervals of two seeds', () => {
    const { within, cut } = drawnRange([0.01, -0.02], [-8, 9]);
    expect(cut).to.equal(true);
    expect([-8, 0.005, 9].map(within)).to.deep.equal([-0.05, 0.005, 0.04]);
    const enough = drawnRange([0.01, 0.02], [-0.005, 0.03]);
    expect(enough.cut).to.equal(false);
    expect([-0.005, 0.03].map(enough.within)).to.deep.equal([-0.005, 0.03]);
    expect(drawnRange([0, 0], [-1, 1]).within(1)).to.equal(1);
  });

  it('set points that share a swept value side by side', async () => {
    const { comparisons, points } = await syntheticReport({
      seeds: [1, 2, 3, 4, 5, 6],
      points: [0.1, 0.2].flatMap((rate) =>
        [8, 16, 32].map((units) => ({
          'variants.relu.dropout.rate': rate,
          'training.steps': units,
        })),
      ),
    });
    const rows = comparisons.map((comparison) => ({
      values: points[comparison.point]!.values,
      label: points[comparison.point]!.label,
      comparison,
    }));
    const axis = { path: 'variants.relu.dropout.rate', name: 'rate', text: String };
    const svg = await renderSvg(sweepPlot(rows, axis, { width: 520, height: 320 }));
    const marks = [...svg.matchAll(/<path aria-label="[^"]*" [^>]*translate\(([\d.]+),/g)];
    expect(marks).to.have.length(6);
    const [first, second, third] = marks.map(([, x]) => Number(x));
    expect(second! - first!).to.be.closeTo(7, 1e-6);
    expect(third! - second!).to.be.closeTo(7, 1e-6);
  });

  it('draw a line from the settings of each point to its difference', async () => {
    const [rate, kind] = ['training.optimizer.learningRate', 'variants.relu.dropout.kind'] as const;
    const { comparisons, points } = await syntheticReport({
      seeds: [1, 2, 3, 4, 5, 6],
      points: [
        ...[0.001, 0.01, 0.1].map((value) => ({ [rate]: value, [kind]: 'standard' })),
        { [kind]: 'alpha' },
      ],
      trial: ({ index, seed }, variants) =>
        gainfulTrial(0.01 * index)({ index, seed, point: {} }, variants),
    });
    const rows = comparisons.map((comparison) => ({ ...points[comparison.point]!, comparison }));
    const textOf = sweptTexts(points.map(({ values }) => values));
    const axes = [rate, kind].map((path) => {
      return {
        path,
        name: path.split('.').at(-1)!,
        text: (value: unknown) => textOf(path, value),
      };
    });
    const svg = await renderSvg(parallelPlot(rows, axes, { width: 520, height: 320 }));
    const marks = [...svg.matchAll(/<path aria-label="[^"]*" [^>]*translate\(([\d.]+),([\d.]+)/g)];
    expect(marks).to.have.length(4 * 3);
    const places = marks.map(([, x, y]) => [Number(x), Number(y)] as const);
    expect(new Set(places.map(([x]) => x)).size).to.equal(3);
    // A logarithmic axis, and below it the point that does not set the rate.
    const [low, middle, high, unset] = [0, 3, 6, 9].map((index) => places[index]![1]);
    expect(low! - middle!).to.be.closeTo(middle! - high!, 0.02);
    expect(unset).to.be.above(low!);
    for (const text of ['0.001', '0.01', '0.1', 'standard', 'alpha', '–', 'kind']) {
      expect(svg).to.include(`>${text}</text>`);
    }
    const lines = [...svg.matchAll(/<path d="M[^"]*L[^"]*L[^"]*" stroke="var\(--[a-z]+\)"/g)];
    expect(lines).to.have.length(4);
  });
});
