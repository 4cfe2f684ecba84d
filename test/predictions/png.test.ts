import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { rasterize } from '../../src/report/plots/render.js';
import { encodePng } from '../../src/predictions/png.js';
import { decodePng } from '../support/png.js';

describe('encodePng', () => {
  const pixels = Uint8Array.of(0, 50, 100, 150, 200, 255);
  const png = encodePng({ pixels, height: 2, width: 3, channels: 1 });

  it('writes the rows, unfiltered, after a header for 8-bit grey', () => {
    expect(png.subarray(0, 8).toString('hex')).to.equal('89504e470d0a1a0a');
    expect(png.subarray(16, 29).toString('hex')).to.equal('00000003000000020800000000');
    const length = png.readUInt32BE(33);
    expect([...inflateSync(png.subarray(41, 41 + length))]).to.deep.equal([
      ...[0, 0, 50, 100],
      ...[0, 150, 200, 255],
    ]);
  });

  it('is an image that a renderer draws', async () => {
    const grey = { pixels: new Uint8Array(64).fill(77), height: 8, width: 8, channels: 1 as const };
    const uri = `data:image/png;base64,${encodePng(grey).toString('base64')}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="${uri}" width="8" height="8"/></svg>`;
    const drawn = decodePng(await rasterize(svg));
    expect(drawn.count([77, 77, 77])).to.equal(drawn.width * drawn.height);
  });

  it('writes red, green and blue pixels as colours', async () => {
    const pixels = Uint8Array.from({ length: 64 * 3 }, (_, i) => [200, 100, 50][i % 3]!);
    const colour = { pixels, height: 8, width: 8, channels: 3 as const };
    const uri = `data:image/png;base64,${encodePng(colour).toString('base64')}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="${uri}" width="8" height="8"/></svg>`;
    const drawn = decodePng(await rasterize(svg));
    expect(drawn.count([200, 100, 50])).to.equal(drawn.width * drawn.height);
  });
});
