import { expect } from 'chai';
import fc from 'fast-check';
import { parseIdx } from '../../../src/data/formats/idx-file.js';
import { expectError } from '../../support/expect-error.js';
import { encodeIdx, encodeIdxImages, encodeIdxLabels } from '../../support/idx-writer.js';

const images = encodeIdxImages(
  Uint8Array.from({ length: 24 }, (_, i) => i),
  2,
  3,
);

describe('parseIdx', () => {
  it('gives back bytes of any shape', () => {
    const written = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        values: fc.array(fc.nat(255), {
          minLength: shape.reduce((product, length) => product * length, 1),
          maxLength: shape.reduce((product, length) => product * length, 1),
        }),
      }),
    );
    fc.assert(
      fc.property(written, ({ shape, values }) => {
        const parsed = parseIdx(encodeIdx(0x08, shape, values), 'x');
        expect(parsed.shape).to.deep.equal(shape);
        expect(Array.from(parsed.values)).to.deep.equal(values);
        expect(parsed.start).to.equal(4 + 4 * shape.length);
      }),
    );
  });

  it('gives back the numbers of every type, whatever their alignment', () => {
    const types = [
      [0x09, Int8Array],
      [0x0b, Int16Array],
      [0x0c, Int32Array],
      [0x0d, Float32Array],
      [0x0e, Float64Array],
    ] as const;
    const numbers = [-1, 0, 100, -77, 3, 2];
    for (const [type, array] of types) {
      const file = encodeIdx(type, [2, 3], numbers);
      const shifted = new Uint8Array(file.length + 1).subarray(1);
      shifted.set(file);
      for (const content of [file, shifted]) {
        const { values } = parseIdx(content, 'x');
        expect(values).to.be.instanceOf(array);
        expect(values.buffer).to.be.instanceOf(SharedArrayBuffer);
        expect(Array.from(values)).to.deep.equal(numbers);
      }
    }
  });

  it('refuses every truncation and any trailing byte', async () => {
    for (let length = 0; length < images.length; length++) {
      await expectError('data', 'x.idx', () => parseIdx(images.subarray(0, length), 'x.idx'));
    }
    const longer = new Uint8Array(images.length + 1);
    longer.set(images);
    await expectError('data', /40 bytes in x\.idx .*16 \+ 4 x 2 x 3.*got 41: 1 trailing/, () =>
      parseIdx(longer, 'x.idx'),
    );
    await expectError('data', /got 38: 2 missing/, () => parseIdx(images.subarray(0, 38), 'x.idx'));
    await expectError('data', /\(8 \+ 3 x 4\), got 8: 12 missing/, () =>
      parseIdx(encodeIdx(0x0c, [3], []), 'x'),
    );
  });

  it('refuses other magic numbers, little-endian ones among them, and unknown types', async () => {
    const swapped = Uint8Array.from(images);
    swapped.set([3, 8, 0, 0]);
    await expectError('data', 'got bytes 03 08 00 00', () => parseIdx(swapped, 'x'));
    await expectError('data', 'got bytes 3c 21 44 4f', () =>
      parseIdx(new TextEncoder().encode('<!DOCTYPE html>'), 'x'),
    );
    swapped.set([0, 0, 0x0a, 3]);
    await expectError('data', 'got bytes 00 00 0a 03', () => parseIdx(swapped, 'x'));
  });

  it('refuses a size beyond any memory', async () => {
    const huge = encodeIdxImages(Uint8Array.of(1), 0xffffffff, 0xffffffff, 0xffffffff);
    await expectError('data', /missing/, () => parseIdx(huge, 'x'));
    expect(parseIdx(encodeIdxLabels(new Uint8Array()), 'x').shape).to.deep.equal([0]);
  });
});
