import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { images } from '../../../src/data/formats/images.js';
import { expectError } from '../../support/expect-error.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

// scripts/goldens/images.py makes it, with Pillow. All images are of 5 x 6 pixels.
const golden = JSON.parse(readFileSync('test/data/images/images.golden.json', 'utf8')) as Readonly<
  Record<string, { readonly file: string; readonly pixels: readonly number[] }>
>;
const bytesOf = (name: string) => Buffer.from(golden[name]!.file, 'base64');

async function write(folder: string, files: Readonly<Record<string, string | Buffer>>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? bytesOf(content) : content);
  }
}

describe('the images format', () => {
  for (const [name, { pixels }] of Object.entries(golden)) {
    it(`decodes ${name} as Pillow does`, () =>
      withTemporaryFolder(async (folder) => {
        await write(folder, { [`train/a/${name}`]: name });
        const { train } = await images.load(folder);
        const channels = pixels.length / 30;
        expect(train.inputs.shape).to.deep.equal([6, 5, channels]);
        const close = name.endsWith('jpg') ? 2 : 0;
        pixels.forEach((value, at) => {
          expect(train.inputs.values[at]).to.be.closeTo(value, close, `at ${at}`);
        });
      }));
  }

  it('has a class for each folder of train, in order of numbers, then names of the files', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder, {
        'train/10/b.png': 'grey.png',
        'train/9/x.jpg': 'grey.jpg',
        'train/10/a.PNG': 'grey.png',
        'train/9/notes.txt': Buffer.from('not an image'),
        'test/10/c.png': 'grey.png',
      });
      const { train, test, classes, files } = await images.load(folder);
      expect(classes).to.deep.equal(['9', '10']);
      expect(Array.from(train.targets.values)).to.deep.equal([0, 1, 1]);
      expect(Array.from(test.targets.values)).to.deep.equal([1]);
      expect(train.inputs.shape).to.deep.equal([6, 5, 1]);
      const md5 = (content: string | Buffer) => createHash('md5').update(content).digest('hex');
      const lines = [
        `${md5(bytesOf('grey.png'))}  10/a.PNG\n`,
        `${md5(bytesOf('grey.png'))}  10/b.png\n`,
        `${md5(bytesOf('grey.jpg'))}  9/x.jpg\n`,
      ];
      expect(files.map(({ name }) => name)).to.deep.equal(['train', 'test']);
      expect(files[0]!.md5).to.equal(md5(lines.join('')));
      await rm(join(folder, 'test'), { recursive: true });
      expect((await images.load(folder)).withoutTest).to.equal('folder test');
    }));

  it('passes over names that start with a dot, and classes that the test lacks', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder, {
        'train/.ipynb_checkpoints/a.png': 'grey.png',
        'train/a/._1.png': Buffer.from('of macOS'),
        'train/a/1.png': 'grey.png',
        'train/b/1.png': 'grey.png',
        'test/a/.DS_Store': Buffer.from(''),
        'test/b/1.png': 'grey.png',
      });
      const { train, test, classes } = await images.load(folder);
      expect(classes).to.deep.equal(['a', 'b']);
      expect([train.count, test.count]).to.deep.equal([2, 1]);
    }));

  it('gives grey images three equal channels beside ones in colour', () =>
    withTemporaryFolder(async (folder) => {
      await write(folder, { 'train/a/1.png': 'grey.png', 'train/b/1.png': 'rgb.png' });
      const { inputs } = (await images.load(folder)).train;
      expect(inputs.shape).to.deep.equal([6, 5, 3]);
      expect(Array.from(inputs.values.subarray(90))).to.deep.equal(golden['rgb.png']!.pixels);
      const grey = golden['grey.png']!.pixels.flatMap((value) => [value, value, value]);
      expect(Array.from(inputs.values.subarray(0, 90))).to.deep.equal(grey);
    }));

  it('refuses images of several sizes, naming one of each and the sizes', () =>
    withTemporaryFolder(async (folder) => {
      const wider = Buffer.from(bytesOf('grey.png'));
      wider.writeUInt32BE(7, 16);
      await write(folder, { 'train/a/1.png': 'grey.png', 'train/b/2.png': wider });
      await expectError(
        'data',
        /images of 5 x 6 pixels, as .*train\/a\/1\.png has, got 7 x 6 in .*train\/b\/2\.png/,
        () => images.load(folder),
      );
    }));

  const deep = Buffer.from(bytesOf('rgb.png'));
  deep[24] = 16;
  const flipped = Buffer.from(bytesOf('rgb.png'));
  flipped[60]! ^= 1;
  const faults: [fault: string, files: Record<string, string | Buffer>, message: RegExp][] = [
    ['no images', { 'train/a/x.txt': Buffer.from('') }, /PNG or JPEG images in .*a, got none/],
    ['no classes', { 'train/x.png': 'rgb.png' }, /PNG or JPEG images in .*train, got none/],
    [
      'a class without images',
      { 'train/a/x.png': 'rgb.png', 'train/b/x.txt': Buffer.from('') },
      /PNG or JPEG images in .*train.b, got none/,
    ],
    [
      'images of other kinds, which it would leave out',
      { 'train/a/x.png': 'rgb.png', 'train/a/y.webp': Buffer.from('') },
      /PNG or JPEG images in .*train.a, got y\.webp/,
    ],
    [
      'a PNG cut short in its header',
      { 'train/a/x.png': bytesOf('rgb.png').subarray(0, 20) },
      /intact PNG image in .*x\.png, got 20 bytes, 13 short of its header/,
    ],
    [
      'an empty file',
      { 'train/a/x.png': Buffer.from('') },
      /PNG or JPEG image in .*x\.png, got no bytes/,
    ],
    [
      'another file',
      { 'train/a/x.jpg': Buffer.from('GIF89a--') },
      /x\.jpg, got bytes 474946383961/,
    ],
    ['16 bits a channel', { 'train/a/x.png': deep }, /8 bits a channel in .*x\.png, got 16 bits/],
    ['a damaged PNG', { 'train/a/x.png': flipped }, /intact PNG image in .*x\.png, got "/],
    [
      'a JPEG that is cut short',
      { 'train/a/x.jpg': bytesOf('rgb.jpg').subarray(0, -200) },
      /intact JPEG image in .*x\.jpg, got "/,
    ],
    [
      'a test class that is not trained on',
      { 'train/a/x.png': 'rgb.png', 'test/b/x.png': 'rgb.png' },
      /in .*test \(a\), got b/,
    ],
  ];
  for (const [fault, files, message] of faults) {
    it(`refuses ${fault}`, () =>
      withTemporaryFolder(async (folder) => {
        await write(folder, files);
        await expectError('data', message, () => images.load(folder));
      }));
  }
});
