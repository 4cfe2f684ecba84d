import { inflateSync } from 'node:zlib';
import { expect } from 'chai';

/** Just enough of a PNG reader for 8-bit RGBA images without interlacing. */
export function decodePng(png: Uint8Array) {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('hex')).to.equal('89504e470d0a1a0a');
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  expect([...bytes.subarray(24, 29)]).to.deep.equal([8, 6, 0, 0, 0]);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') {
      data.push(bytes.subarray(at + 8, at + 8 + length));
    }
  }
  const pixels = unfilter(inflateSync(Buffer.concat(data)), width, height);
  const at = (x: number, y: number) => [
    ...pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
  ];
  const all = function* () {
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) yield { x, rgba: at(x, y) };
  };
  const inked = ({ rgba: [red = 0, , , alpha = 0] }: { rgba: number[] }) =>
    alpha > 128 && red < 128;
  return {
    width,
    height,
    count: (rgb: readonly number[]) =>
      [...all()].filter(({ rgba }) => rgb.every((value, index) => rgba[index] === value)).length,
    inkLeftOf: (column: number) =>
      [...all()].filter((pixel) => pixel.x < column && inked(pixel)).length,
    inkWidth: () => Math.max(...[...all()].filter(inked).map(({ x }) => x)) + 1,
  };
}

function unfilter(raw: Buffer, width: number, height: number): Buffer {
  const stride = 4 * width;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x += 1) {
      const left = x >= 4 ? out[y * stride + x - 4]! : 0;
      const up = y > 0 ? out[(y - 1) * stride + x]! : 0;
      const corner = x >= 4 && y > 0 ? out[(y - 1) * stride + x - 4]! : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      out[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + predicted;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(guess - value));
  if (toLeft! <= toUp! && toLeft! <= toCorner!) return left;
  return toUp! <= toCorner! ? up : corner;
}
