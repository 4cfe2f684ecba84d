import { expect } from 'chai';
import fc from 'fast-check';
import { createInputScaler, createInputScalers } from '../../src/data/input-scaler.js';
import { fitStandardScaler } from '../../src/data/standard-scaler.js';
import { labeledImages } from '../support/examples.js';

/** Images of 1 to 10 pixels, many of them black as real ones are, and a choice among them. */
const batches = fc
  .record({ pixels: fc.integer({ min: 1, max: 10 }), count: fc.integer({ min: 1, max: 6 }) })
  .chain(({ pixels, count }) => {
    const byte = fc.oneof(fc.constant(0), fc.nat(255));
    const image = fc.array(byte, { minLength: pixels, maxLength: pixels });
    return fc.record({
      images: fc.array(image, { minLength: count, maxLength: count }),
      indices: fc
        .array(fc.nat(count - 1), { maxLength: 8 })
        .map((indices) => Int32Array.from(indices)),
    });
  });

describe('createInputScalers', () => {
  it('gives x / 255 and (x / 255 - mean) / std in float64, rounded once, to the last bit', () => {
    fc.assert(
      fc.property(batches, ({ images, indices }) => {
        const examples = labeledImages(images);
        const pixels = images[0]!.length;
        const { mean, std } = fitStandardScaler(examples);
        const wanted = {
          raw: (x: number) => Math.fround(x / 255),
          standardized: (x: number, pixel: number) =>
            Math.fround((x / 255 - mean[pixel]!) / std[pixel]!),
        };
        const scalers = createInputScalers(['raw', 'standardized', 'raw'], examples);
        expect(Array.from(scalers.keys())).to.deep.equal(['raw', 'standardized']);
        for (const [scaling, scaler] of scalers) {
          const out = new Float32Array(indices.length * pixels).fill(99);
          scaler.fill(out, examples.images, indices);
          const rows = Array.from(indices, (index) => images[index]!.map(wanted[scaling]));
          expect(Array.from(out)).to.deep.equal(rows.flat());
        }
      }),
    );
  });

  it('scales all 256 values of a byte', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    const examples = labeledImages(bytes.map((byte) => [byte, 255 - byte, byte, 0]));
    const out = new Float32Array(1024);
    createInputScalers(['raw'], examples)
      .get('raw')!
      .fill(out, examples.images, Int32Array.from(bytes));
    expect(Array.from(out)).to.deep.equal(
      bytes.flatMap((x) => [x, 255 - x, x, 0].map((y) => Math.fround(y / 255))),
    );
  });

  it('leaves the rest of a longer array alone', () => {
    const examples = labeledImages([[1, 2, 3, 4]]);
    const out = new Float32Array(12).fill(-1);
    createInputScalers(['raw'], examples).get('raw')!.fill(out, examples.images, Int32Array.of(0));
    expect(Array.from(out.subarray(4))).to.deep.equal(Array.from({ length: 8 }, () => -1));
  });
});

describe('createInputScaler', () => {
  it('gives the same of images that do not start at a multiple of four bytes', () => {
    const mean = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    const std = Float64Array.of(1, 0.5, 0.25, 0.125);
    const scaler = createInputScaler('standardized', mean, std);
    const bytes = Uint8Array.of(9, 0, 1, 200, 255, 0, 0, 0, 0);
    const aligned = new Float32Array(8);
    scaler.fill(aligned, bytes.slice(1), Int32Array.of(1, 0));
    const shifted = new Float32Array(8);
    scaler.fill(shifted, bytes.subarray(1), Int32Array.of(1, 0));
    expect(Array.from(shifted)).to.deep.equal(Array.from(aligned));
    expect(aligned[5]).to.equal(Math.fround((1 / 255 - 0.2) / 0.5));
  });
});
