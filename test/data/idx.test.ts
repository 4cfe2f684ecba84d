import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseIdxImages, parseIdxLabels, readIdxFile } from '../../src/data/idx.js';
import { expectError } from '../support/expect-error.js';
import { encodeIdxImages, encodeIdxLabels } from '../support/idx-writer.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

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
        expect(parseIdxImages(file, 'x')).to.deep.equal({ count, rows, cols, pixels });
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
          labels: written,
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

describe('readIdxFile', () => {
  it('unpacks gzip by its content, and describes the file as stored', () =>
    withTemporaryFolder(async (folder) => {
      const packed = gzipSync(labels);
      for (const name of ['labels.gz', 'labels-without-suffix']) {
        await writeFile(join(folder, name), packed);
        const file = await readIdxFile(join(folder, name));
        expect(file.name).to.equal(name);
        expect(file.bytes).to.equal(packed.length);
        expect(file.md5).to.equal(createHash('md5').update(packed).digest('hex'));
        expect(Uint8Array.from(file.content)).to.deep.equal(labels);
      }
    }));

  it('refuses gzip that is cut short or whose checksum is off', () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, 'labels.gz');
      const packed = gzipSync(labels);
      await writeFile(path, packed.subarray(0, packed.length - 9));
      const error = await expectError('data', path, () => readIdxFile(path));
      expect(error.hint).to.include('intact');
      packed[packed.length - 8]! ^= 1;
      await writeFile(path, packed);
      await expectError('data', 'intact gzip', () => readIdxFile(path));
    }));

  it('reports what the file system refuses as data errors', () =>
    withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'folder'));
      await expectError('data', 'EISDIR', () => readIdxFile(join(folder, 'folder')));
      await expectError('data', 'ENOENT', () => readIdxFile(join(folder, 'none')));
    }));

  it('reports a file it may not read', function () {
    // The superuser may read everything.
    if (process.getuid?.() === 0 || process.platform === 'win32') this.skip();
    return withTemporaryFolder(async (folder) => {
      const path = join(folder, 'secret');
      await writeFile(path, labels);
      await chmod(path, 0);
      await expectError('data', 'EACCES', () => readIdxFile(path));
    });
  });
});
