import { expect } from 'chai';
import { lossFigure } from '../../src/report/figure-data.js';
import { renderLossFigure } from '../../src/report/figure.js';
import { measureText, rasterize } from '../../src/report/plots/render.js';
import { figureOf } from '../support/figures.js';

/** The texts of an SVG in the order they are drawn. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
}

/** Paths of lines, which have no fill and are drawn in the given colour. */
function linesOf(svg: string, color: string): string[] {
  const path =
    /<path aria-label="[^"]*" role="graphics-symbol" aria-roledescription="line mark"[^>]*>/g;
  return [...svg.matchAll(path)].map(([tag]) => tag).filter((tag) => tag.includes(`"${color}"`));
}

const blue = '#0072B2';
const vermillion = '#D55E00';

describe('renderLossFigure', function () {
  this.timeout(30_000);

  it("draws the tutorial's figure: legend, axis titles and a logarithmic scale", async () => {
    const svg = await renderLossFigure(figureOf({ steps: 50 }));
    expect(svg).to.match(/^<svg[^>]* viewBox="0 0 \d+ \d+"/);
    const texts = textsOf(svg);
    expect(texts).to.include.members(['Loss ReLU-CNN', 'Loss SNN']);
    expect(texts).to.include.members(['iterations/updates', 'training loss']);
    expect(texts).to.include.members(['0.2', '0.3', '0.5', '1', '2', '3']);
    expect(texts).to.include.members(['0', '25', '50']);
    expect(linesOf(svg, blue)).to.have.lengthOf(1);
    expect(linesOf(svg, vermillion)).to.have.lengthOf(1);
  });

  it("has a legend whose box holds its text, inside the plot's frame", async () => {
    const svg = await renderLossFigure(figureOf({ steps: 50 }), { width: 640 });
    const legend =
      /role-legend"[^>]*><g transform="translate\((\d+),\d+\)"><path[^>]* d="M[^L]*L([\d.]+),/.exec(
        svg,
      )!;
    const [left, right] = legend.slice(1).map(Number) as [number, number];
    const label = / transform="translate\(([\d.]+),[\d.]+\)"[^>]*>Loss ReLU-CNN</.exec(svg)!;
    expect(right).to.be.at.least(Number(label[1]) + measureText('Loss ReLU-CNN', 14));
    expect(left + right).to.be.below(640);
  });

  it('gives equal ratios equal heights', async () => {
    const svg = await renderLossFigure(figureOf({ steps: 3, loss: (_, step) => 10 ** -step }));
    const heights = / d="([^"]*)"/
      .exec(linesOf(svg, blue)[0]!)![1]!
      .slice(1)
      .split('L')
      .map((point) => Number(point.split(',')[1]));
    expect(heights).to.have.lengthOf(3);
    expect(heights[1]! - heights[0]!).to.be.closeTo(heights[2]! - heights[1]!, 0.01);
    expect(heights[1]!).to.be.above(heights[0]!);
  });

  it('draws a thin line a seed and a bold mean', async () => {
    const seeds = [1, 2, 3].map((seed) => ({
      seed,
      steps: 10,
      loss: (variant: number, step: number) => seed / (step + variant),
    }));
    const svg = await renderLossFigure(figureOf(...seeds), { title: 'three seeds' });
    const lines = linesOf(svg, blue);
    expect(lines.filter((line) => line.includes('stroke-width="1"'))).to.have.lengthOf(3);
    expect(lines.filter((line) => line.includes('stroke-width="2.5"'))).to.have.lengthOf(1);
    expect(textsOf(svg)).to.include('three seeds');
  });

  it('ends the line of a variant that diverged with a cross', async () => {
    const loss = (variant: number, step: number) => (variant === 1 && step > 3 ? 'NaN' : 1 / step);
    const diverged = await renderLossFigure(figureOf({ steps: 9, loss }));
    const points = (svg: string) => svg.match(/aria-roledescription="point"/g) ?? [];
    expect(points(diverged)).to.have.lengthOf(1);
    expect(diverged).to.not.contain('NaN');
    expect(points(await renderLossFigure(figureOf({ steps: 9 })))).to.have.lengthOf(0);
  });

  it('draws one and many variants, each in its colour, also where legends are the same', async () => {
    const many = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((name) => [name, { label: 'same', parameters: 1 }]),
    );
    const svg = await renderLossFigure(figureOf({ variants: many }));
    expect(textsOf(svg)).to.include.members(['Loss same (a)', 'Loss same (d)']);
    expect(linesOf(svg, '#CC79A7')).to.have.lengthOf(1);
    const one = await renderLossFigure(figureOf({ variants: { a: many.a! } }));
    expect(textsOf(one)).to.include('Loss same');
  });

  it('escapes what labels contain', async () => {
    const svg = await renderLossFigure(
      figureOf({ variants: { a: { label: '<b>&"', parameters: 1 } } }),
    );
    expect(svg).to.contain('Loss &lt;b&gt;&amp;').and.not.contain('<b>');
  });

  it('is an image of sensible size whatever a label contains', async () => {
    const odd = [
      'a\u0001b',
      '\uffff',
      '\ud800',
      '\u202e\u0000',
      '<&"\'>',
      'long '.repeat(20_000),
      '',
    ];
    for (const label of odd) {
      const figure = figureOf({ variants: { a: { label, parameters: 1 } } });
      const png = await rasterize(await renderLossFigure(figure, { title: label }));
      expect(Buffer.from(png).readUInt32BE(16), JSON.stringify(label.slice(0, 20))).to.be.below(
        2000,
      );
    }
  });

  it('says so when no step was trained, and draws losses that never change', async () => {
    const none = await renderLossFigure(figureOf({ steps: 0, planned: 50 }));
    expect(textsOf(none)).to.include.members(['no step has been trained', 'Loss SNN', '50']);
    const empty = await renderLossFigure(lossFigure([]));
    expect(textsOf(empty)).to.include('no step has been trained');
    const flat = await renderLossFigure(figureOf({ steps: 2, loss: () => 0.7 }));
    expect(flat).to.not.contain('NaN');
    expect(linesOf(flat, blue)).to.have.lengthOf(1);
  });
});
