import { expect } from 'chai';
import { figureOf } from '../support/figures.js';

describe('lossFigure', () => {
  it("takes the legend from the variant, or else from its label, as the tutorial's figure reads", () => {
    const legends = figureOf({}).series.map(({ legend }) => legend);
    expect(legends).to.deep.equal(['Loss ReLU-CNN', 'Loss SNN']);
  });

  it('gives one curve a seed and their mean where all have a loss', () => {
    const loss = (base: number) => (variant: number, step: number) => base + variant + step;
    const { series } = figureOf(
      { seed: 1, steps: 3, loss: loss(1) },
      { seed: 2, steps: 2, loss: loss(3) },
      { seed: 3, steps: 0 },
    );
    expect(series[0]?.curves.map(({ seed, points }) => [seed, points.length])).to.deep.equal([
      [1, 3],
      [2, 2],
    ]);
    expect(series[0]?.mean).to.deep.equal([
      { step: 1, loss: 3 },
      { step: 2, loss: 4 },
    ]);
    expect(figureOf({}).series[0]?.mean).to.deep.equal([]);
  });

  it('has no point on a logarithmic scale for losses that are zero or not finite', () => {
    const values = [1, 'NaN', 'Infinity', 0] as const;
    const { series } = figureOf({ steps: 4, loss: (_, step) => values[step - 1]! });
    expect(series[0]?.curves[0]?.points.map(({ loss }) => loss)).to.deep.equal([
      1,
      null,
      null,
      null,
    ]);
  });
});
