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
  const countWhere = (holds: (rgba: Buffer, x: number) => boolean) => {
    let count = 0;
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      if (holds(pixels.subarray(4 * pixel, 4 * pixel + 4), pixel % width)) count += 1;
    }
    return count;
  };
  const inked = (rgba: Buffer) => rgba[3]! > 128 && rgba[0]! < 128;
  return {
    width,
    height,
    /** How many pixels have exactly this colour. */
    count: (rgb: readonly [number, number, number]) =>
      countWhere((rgba) => rgb.every((value, channel) => rgba[channel] === value)),
    /** How many pixels left of a column are dark. */
    inkLeftOf: (column: number) => countWhere((rgba, x) => x < column && inked(rgba)),
    /** Columns from the left edge to the last dark pixel. */
    inkWidth: () => {
      let last = -1;
      countWhere((rgba, x) => {
        if (inked(rgba)) last = Math.max(last, x);
        return false;
      });
      return last + 1;
    },
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
