import { expect } from 'chai';
import fc from 'fast-check';
import { createInputScaler } from '../../src/data/input-scaler.js';
import type { Column, SharedValues } from '../../src/protocol/index.js';
import { shared } from '../support/examples.js';

const byte = fc.oneof(fc.constant(0), fc.nat(255));
const spread = fc.double({ min: 1e-3, max: 1, noNaN: true });

/** Images of 1 to 10 pixels, many of them black as real ones are, a choice of them, a scaling. */
const cases = fc
  .record({ pixels: fc.integer({ min: 1, max: 10 }), count: fc.integer({ min: 1, max: 6 }) })
  .chain(({ pixels, count }) => {
    const each = <Value>(value: fc.Arbitrary<Value>, size: number) =>
      fc.array(value, { minLength: size, maxLength: size });
    return fc.record({
      images: each(each(byte, pixels), count),
      indices: fc.array(fc.nat(count - 1), { maxLength: 8 }),
      offset: each(fc.double({ min: 0, max: 1, noNaN: true }), pixels),
      scale: each(spread, pixels),
    });
  });

const column = (width: number, values: SharedValues): Column => ({ shape: [width], values });

describe('createInputScaler', () => {
  it('gives x / 255 and (x / 255 - offset) / scale in float64, rounded once, to the last bit', () => {
    fc.assert(
      fc.property(cases, ({ images, indices, offset, scale }) => {
        const pixels = offset.length;
        const inputs = column(pixels, shared(Uint8Array, images.flat()));
        const scalers = [
          { scaleInputs: createInputScaler(inputs), wanted: (x: number) => x / 255 },
          {
            scaleInputs: createInputScaler(inputs, {
              offset: Float64Array.from(offset),
              scale: Float64Array.from(scale),
            }),
            wanted: (x: number, pixel: number) => (x / 255 - offset[pixel]!) / scale[pixel]!,
          },
        ];
        for (const { scaleInputs, wanted } of scalers) {
          const out = new Float32Array(indices.length * pixels).fill(99);
          scaleInputs(out, Int32Array.from(indices));
          const rows = indices.map((index) => images[index]!.map(wanted).map(Math.fround));
          expect(Array.from(out)).to.deep.equal(rows.flat());
        }
      }),
    );
  });

  it('scales all 256 values of a byte', () => {
    const bytes = Array.from({ length: 256 }, (_, value) => value);
    const images = bytes.flatMap((x) => [x, 255 - x, x, 0]);
    const out = new Float32Array(1024);
    createInputScaler(column(4, shared(Uint8Array, images)))(out, Int32Array.from(bytes));
    expect(Array.from(out)).to.deep.equal(images.map((x) => Math.fround(x / 255)));
  });

  it('leaves the rest of a longer array alone', () => {
    const out = new Float32Array(12).fill(-1);
    createInputScaler(column(4, shared(Uint8Array, [1, 2, 3, 4])))(out, Int32Array.of(0));
    expect(Array.from(out.subarray(4))).to.deep.equal(Array.from({ length: 8 }, () => -1));
  });

  it('gives the same of images that do not start at a multiple of four bytes', () => {
    const scaling = {
      offset: Float64Array.of(0.1, 0.2, 0.3, 0.4),
      scale: Float64Array.of(1, 0.5, 0.25, 0.125),
    };
    const bytes = shared(Uint8Array, [9, 0, 1, 200, 255, 0, 0, 0, 0]);
    const scaledFrom = (values: SharedValues) => {
      const out = new Float32Array(8);
      createInputScaler(column(4, values), scaling)(out, Int32Array.of(1, 0));
      return out;
    };
    const aligned = scaledFrom(shared(Uint8Array, bytes.subarray(1)));
    expect(Array.from(scaledFrom(bytes.subarray(1)))).to.deep.equal(Array.from(aligned));
    expect(aligned[5]).to.equal(Math.fround((1 / 255 - 0.2) / 0.5));
  });

  it('takes numbers other than bytes as they are, standardized in float64 where asked to', () => {
    const numbers = [1e-3, -7, 0, 300, 0.1, 12345.678];
    const scaling = { offset: Float64Array.of(0.3, -2), scale: Float64Array.of(3, 0.7) };
    for (const type of [Float64Array, Float32Array, Int32Array, Int16Array, Int8Array] as const) {
      const values = shared<SharedValues>(type, numbers);
      const [raw, standardized] = [new Float32Array(4), new Float32Array(4)];
      createInputScaler(column(2, values))(raw, Int32Array.of(2, 0));
      createInputScaler(column(2, values), scaling)(standardized, Int32Array.of(2, 0));
      const taken = [4, 5, 0, 1].map((index) => values[index]!);
      expect(Array.from(raw)).to.deep.equal(taken.map(Math.fround));
      const { offset, scale } = scaling;
      expect(Array.from(standardized)).to.deep.equal(
        taken.map((x, i) => Math.fround((x - offset[i % 2]!) / scale[i % 2]!)),
      );
    }
  });
});
