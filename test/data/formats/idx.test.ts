import { expect } from 'chai';
import fc from 'fast-check';
import { parseIdxImages, parseIdxLabels } from '../../../src/data/formats/idx.js';
import { expectError } from '../../support/expect-error.js';
import { encodeIdxImages, encodeIdxLabels } from '../../support/idx-writer.js';

const images = encodeIdxImages(
  Uint8Array.from({ length: 24 }, (_, i) => i),
  2,
  3,
);
const labels = encodeIdxLabels(Uint8Array.of(3, 1, 4));

describe('parseIdxImages', () => {
  it('gives back what was written, of any count and size', () => {
    const shape = fc.record({
      count: fc.nat(5),
      rows: fc.integer({ min: 1, max: 9 }),
      cols: fc.integer({ min: 1, max: 9 }),
    });
    const written = shape.chain(({ count, rows, cols }) => {
      const length = count * rows * cols;
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((pixels) => ({ count, rows, cols, pixels }));
    });
    fc.assert(
      fc.property(written, ({ count, rows, cols, pixels }) => {
        const file = encodeIdxImages(pixels, rows, cols);
        expect(parseIdxImages(file, 'x')).to.deep.equal({
          count,
          shape: [rows, cols, 1],
          values: pixels,
        });
      }),
    );
  });

  it('reads content that starts anywhere in its buffer', () => {
    const shifted = new Uint8Array(images.length + 3).subarray(3);
    shifted.set(images);
    expect(parseIdxImages(shifted, 'x')).to.deep.equal(parseIdxImages(images, 'x'));
  });

  it('refuses every truncation and any trailing byte', async () => {
    for (let length = 0; length < images.length; length++) {
      await expectError('data', 'x.idx', () => parseIdxImages(images.subarray(0, length), 'x.idx'));
    }
    const longer = new Uint8Array(images.length + 1);
    longer.set(images);
    await expectError('data', /40 bytes in x\.idx .*16 \+ 4 x 2 x 3.*got 41: 1 trailing/, () =>
      parseIdxImages(longer, 'x.idx'),
    );
    await expectError('data', /got 38: 2 missing/, () =>
      parseIdxImages(images.subarray(0, 38), 'x.idx'),
    );
  });

  it('recognizes labels in the place of images', async () => {
    const error = await expectError('data', /magic 0x00000803.*got magic 0x00000801/, () =>
      parseIdxImages(labels, 'x'),
    );
    expect(error.hint).to.include('swapped');
  });

  it('refuses other magic numbers, little-endian ones among them', async () => {
    const swapped = Uint8Array.from(images);
    swapped.set([3, 8, 0, 0]);
    await expectError('data', 'got magic 0x03080000', () => parseIdxImages(swapped, 'x'));
    await expectError('data', 'got magic 0x3c21444f', () =>
      parseIdxImages(new TextEncoder().encode('<!DOCTYPE html>'), 'x'),
    );
  });

  it('refuses images without pixels, and a size beyond any memory', async () => {
    await expectError('data', 'got 0 x 3', () =>
      parseIdxImages(encodeIdxImages(new Uint8Array(), 0, 3, 5), 'x'),
    );
    const huge = encodeIdxImages(Uint8Array.of(1), 0xffffffff, 0xffffffff, 0xffffffff);
    await expectError('data', /missing/, () => parseIdxImages(huge, 'x'));
  });
});

describe('parseIdxLabels', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (written) => {
        expect(parseIdxLabels(encodeIdxLabels(written), 'x')).to.deep.equal({
          count: written.length,
          shape: [],
          values: written,
        });
      }),
    );
  });

  it('refuses images, and a count that is not the size', async () => {
    const error = await expectError('data', /IDX labels.*got magic 0x00000803/, () =>
      parseIdxLabels(images, 'x'),
    );
    expect(error.hint).to.include('swapped');
    await expectError('data', '1 missing', () =>
      parseIdxLabels(encodeIdxLabels(Uint8Array.of(1, 2), 3), 'x'),
    );
  });
});
