import { expect } from 'chai';
import fc from 'fast-check';
import { braillePlot, plotRow, type PlotCell } from '../../../src/cli/screen/braille-plot.js';

const text = (rows: readonly (readonly PlotCell[])[]) =>
  rows.map((cells) => cells.map(({ character }) => character).join(''));
const unit = { x: [0, 3], y: [1, 1000], scale: 'log' } as const;

describe('braillePlot', () => {
  it('draws equal ratios as equal steps down', () => {
    const points = [
      [0, 1000],
      [1, 100],
      [2, 10],
      [3, 1],
    ] as const;
    expect(text(braillePlot([{ points }], unit, { width: 2, height: 1 }))).to.deep.equal(['⠑⢄']);
  });

  it('leaves a gap at a value without a logarithm', () => {
    const points = [
      [0, 1000],
      [1, 0],
      [2, NaN],
      [3, 1],
    ] as const;
    expect(text(braillePlot([{ points }], unit, { width: 2, height: 1 }))).to.deep.equal(['⠁⢀']);
  });

  it('draws equal differences as equal steps on a linear scale, 0 among them', () => {
    const points = [3, 2, 1, 0].map((y, x) => [x, y] as const);
    const range = { x: [0, 3], y: [0, 3], scale: 'linear' } as const;
    expect(text(braillePlot([{ points }], range, { width: 2, height: 1 }))).to.deep.equal(['⠑⢄']);
  });

  it('leaves every other cell of a dashed curve out', () => {
    const points = [
      [0, 1],
      [3, 1],
    ] as const;
    const dashed = braillePlot([{ points, isDashed: true }], unit, { width: 2, height: 1 });
    expect(text(dashed)).to.deep.equal(['⣀ ']);
  });

  it('says which row a value is drawn in', () => {
    expect([1000, 100, 1].map((value) => plotRow(value, unit, 3))).to.deep.equal([0, 1, 2]);
    expect([0, NaN, 1e9].map((value) => plotRow(value, unit, 3))).to.deep.equal(
      Array(3).fill(undefined),
    );
  });

  it('names the series drawn last in a cell, and none where nothing is drawn', () => {
    const high = { points: [[0, 1000]] as const };
    const low = { points: [[0, 1]] as const };
    const [[both, empty] = []] = braillePlot([high, low], unit, { width: 2, height: 1 });
    expect(both).to.deep.equal({ character: '⡁', series: 1 });
    expect(empty).to.deep.equal({ character: ' ', series: undefined });
  });

  it('is exactly as wide and as tall as asked, whatever the values', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(0, -1, Infinity, 1e-300, 1e300));
    const points = fc.array(fc.tuple(value, value), { maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(points, { maxLength: 3 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (series, width, height) => {
          const rows = text(
            braillePlot(
              series.map((drawn) => ({ points: drawn })),
              unit,
              { width, height },
            ),
          );
          expect(rows).to.have.length(height);
          for (const row of rows)
            expect(row)
              .to.match(/^[ \u2800-\u28ff]*$/)
              .and.have.length(width);
        },
      ),
    );
  });
});
