import { expect } from 'chai';
import { renderLossFigure } from '../../src/report/figure.js';
import { measureText } from '../../src/report/plots/render.js';
import { rasterize } from '../../src/report/plots/render.js';
import { figureOf } from '../support/figures.js';
import { decodePng } from '../support/png.js';

describe('rasterize', function () {
  this.timeout(30_000);

  it('draws a PNG of twice the size whose curves and texts are there', async () => {
    const svg = await renderLossFigure(figureOf({ steps: 50 }));
    const size = /width="(\d+)" height="(\d+)"/.exec(svg)!.slice(1).map(Number);
    const png = decodePng(await rasterize(svg));
    expect([png.width, png.height]).to.deep.equal(size.map((side) => 2 * side));
    expect(png.count([0x00, 0x72, 0xb2])).to.be.above(1000);
    expect(png.count([0xd5, 0x5e, 0x00])).to.be.above(1000);
    // Left of the axes there is nothing but the title and the labels, so ink there is text.
    expect(png.inkLeftOf(40)).to.be.above(200);
  });

  it('measures text as it is drawn', async () => {
    for (const text of ['Loss ReLU-CNN', 'iterations/updates', '0.25 WwMi']) {
      const tag = `<text x="0" y="30" font-family="Arimo" font-size="20">${text}</text>`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40">${tag}</svg>`;
      const width = decodePng(await rasterize(svg, 1)).inkWidth();
      expect(width).to.be.closeTo(measureText(text, 20), 4);
    }
  });
});
