import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { csvSettings } from '../../../src/data/csv/settings.js';
import { csv } from '../../../src/data/formats/csv.js';
import { splitTraining } from '../../../src/data/splits/split-training.js';
import { writeCsv } from '../../support/csv-writer.js';
import { expectError } from '../../support/expect-error.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const flowers = [
  ['length', 'colour', 'width', 'species'],
  [1.5, 'red', 2, 'rose'],
  [-3, 'blue', 4, 'aster'],
  [5e-1, 'red', 6, 'rose'],
  [7, 'green', '+8.', 'lily'],
] as const;

const load = (folder: string, settings: Record<string, unknown> = {}) =>
  csv.load(folder, { csv: csvSettings.parse({ target: 'species', ...settings }) });

/** Loads one file with these lines. */
const loadText = (lines: readonly string[], settings: Record<string, unknown>) =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'table.csv'), lines.join('\n'));
    return load(folder, settings);
  });

describe('the csv format', () => {
  it('gives numbers as they are, a number for each category, and classes in sorted order', () =>
    withTemporaryFolder(async (folder) => {
      await writeCsv(folder, 'flowers.csv', flowers);
      const dataset = await load(folder, { categorical: ['colour'] });
      expect(dataset.train.count).to.equal(4);
      // length, blue, green, red, width
      expect(dataset.train.inputs.shape).to.deep.equal([5]);
      expect(Array.from(dataset.train.inputs.values)).to.deep.equal(
        [
          [1.5, 0, 0, 1, 2],
          [-3, 1, 0, 0, 4],
          [0.5, 0, 0, 1, 6],
          [7, 0, 1, 0, 8],
        ].flat(),
      );
      expect(dataset.classes).to.deep.equal(['aster', 'lily', 'rose']);
      expect(dataset.train.targets.shape).to.deep.equal([]);
      expect(Array.from(dataset.train.targets.values)).to.deep.equal([2, 0, 2, 1]);
      expect(dataset.test.count).to.equal(0);
      expect(dataset.withoutTest).to.include('test.csv');
      expect(dataset.files).to.have.length(1);
      expect(dataset.files[0]).to.include({ name: 'flowers.csv' });
      expect(dataset.files[0]!.holds).to.deep.equal(['train.inputs', 'train.targets']);
    }));

  it('takes the features that are named, in their order', () =>
    withTemporaryFolder(async (folder) => {
      await writeCsv(folder, 'flowers.csv', flowers);
      const { train } = await load(folder, { features: ['width', 'length'] });
      expect(Array.from(train.inputs.values)).to.deep.equal([2, 1.5, 4, -3, 6, 0.5, 8, 7]);
    }));

  it('has the rows of test.csv as the test split, whatever the order of its columns', () =>
    withTemporaryFolder(async (folder) => {
      await writeCsv(folder, 'train.csv', flowers);
      await writeCsv(folder, 'test.csv', [
        ['species', 'width', 'colour', 'length'],
        ['iris', 1, 'white', 2],
      ]);
      const { train, test, classes, files } = await load(folder, { categorical: ['colour'] });
      expect(train.count).to.equal(4);
      expect(Array.from(test.inputs.values)).to.deep.equal([2, 0, 0, 0, 1, 1]);
      expect(classes).to.deep.equal(['aster', 'iris', 'lily', 'rose']);
      expect(Array.from(test.targets.values)).to.deep.equal([1]);
      expect(files.map(({ name, holds }) => [name, holds[0]])).to.deep.equal([
        ['train.csv', 'train.inputs'],
        ['test.csv', 'test.inputs'],
      ]);
      await expectError('usage', /data\.csv\.test: expected none beside .*test\.csv/, () =>
        load(folder, { categorical: ['colour'], test: { fraction: 0.5 } }),
      );
    }));

  it('takes the test rows from a column', async () => {
    const lines = ['x,part,y', '1,train,a', '2,test,b', '3,0,a', '4,1,b'];
    const { train, test, files } = await loadText(lines, { target: 'y', test: { column: 'part' } });
    expect(Array.from(train.inputs.values)).to.deep.equal([1, 3]);
    expect(Array.from(test.inputs.values)).to.deep.equal([2, 4]);
    expect(files[0]!.holds).to.have.length(4);
    await expectError(
      'data',
      /table\.csv:3: column part: expected train or test .*got "tset"/,
      () =>
        loadText(['x,part,y', '1,train,a', '2,tset,b'], { target: 'y', test: { column: 'part' } }),
    );
    await expectError('usage', /^data\.csv\.test: .* to test with in .*, got 0 and 1$/, () =>
      loadText(['x,part,y', '1,test,a'], { target: 'y', test: { column: 'part' } }),
    );
  });

  it('takes a fraction of the rows as the test split, with the share of every class', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i < 20 ? 'a' : i < 30 ? 'b' : 'c'}`);
    const of = (seed: number) =>
      loadText(['x,y', ...rows], { target: 'y', test: { fraction: 0.2, seed } });
    const { train, test } = await of(1);
    expect(train.count).to.equal(32);
    const count = (label: number) => test.targets.values.filter((one) => one === label).length;
    expect([0, 1, 2].map(count)).to.deep.equal([4, 2, 2]);
    const positions = [...train.inputs.values, ...test.inputs.values].sort((a, b) => a - b);
    expect(positions).to.deep.equal(rows.map((_, i) => i));
    expect((await of(1)).test.inputs.values).to.deep.equal(test.inputs.values);
    expect((await of(2)).test.inputs.values).not.to.deep.equal(test.inputs.values);
    const numbers = rows.map((row, i) => row.replace(/[abc]/, String(i / 8)));
    const regression = await loadText(['x,y', ...numbers], {
      target: 'y',
      test: { fraction: 0.2 },
    });
    expect(regression.test.count).to.equal(8);
  });

  it('gives targets as numbers, whole or not, or several of them', async () => {
    const lines = ['x,y,z', '1,2,0.5', '2,-3,1'];
    const whole = await loadText(lines, { target: 'y' });
    expect(whole.train.targets.values).to.be.instanceOf(Int32Array);
    expect(Array.from(whole.train.targets.values)).to.deep.equal([2, -3]);
    expect(whole.classes).to.equal(undefined);
    const fractions = await loadText(lines, { target: 'z' });
    expect(fractions.train.targets.values).to.be.instanceOf(Float64Array);
    const both = await loadText(lines, { target: ['y', 'z'] });
    expect(both.train.targets.shape).to.deep.equal([2]);
    expect(Array.from(both.train.targets.values)).to.deep.equal([2, 0.5, -3, 1]);
    expect(both.train.inputs.shape).to.deep.equal([1]);
    const classes = await loadText(lines, { target: 'y', categorical: ['y'] });
    expect(classes.classes).to.deep.equal(['-3', '2']);
    expect(Array.from(classes.train.targets.values)).to.deep.equal([1, 0]);
  });

  it('sorts categories of numbers by number', async () => {
    const lines = ['x,y', '10,a', '9,a', '1e1,b'];
    const { train } = await loadText(lines, { target: 'y', categorical: ['x'] });
    expect(Array.from(train.inputs.values)).to.deep.equal([0, 1, 0, 1, 0, 0, 0, 0, 1]);
  });

  describe('with missing values', () => {
    // A column of numbers, one of categories, and classes that the rows' order does not give away.
    const lines = ['n,c,y', '1,u,a', '?,v,b', '2,,a', '2,v,b', ',u,a', '9,v,b', 'NA,v,a', '4,v,b'];
    const validation = { examples: 2, split: 'first', seed: 0 };
    const filled = async (missing: string) => {
      const dataset = await loadText(lines, { target: 'y', categorical: ['c'], missing });
      const splits = splitTraining(dataset, { validation });
      return [splits.validation, splits.train].map(({ inputs }) => Array.from(inputs.values));
    };

    it('fills in a statistic of the training split alone, and the most frequent category', async () => {
      // Numbers of the training split: 2, 2, 9, 4; scikit-learn's SimpleImputer gives the same.
      for (const [missing, n] of [
        ['mean', 4.25],
        ['median', 3],
        ['mostFrequent', 2],
      ] as const) {
        const [held, train] = await filled(missing);
        expect(held).to.deep.equal([1, 1, 0, n, 0, 1]);
        expect(train).to.deep.equal(
          [
            [2, 0, 1],
            [2, 0, 1],
            [n, 1, 0],
            [9, 0, 1],
            [n, 0, 1],
            [4, 0, 1],
          ].flat(),
        );
      }
    });

    it('refuses them unless told what to do, with line and column', async () => {
      const { hint } = await expectError(
        'data',
        /table\.csv:3: column n: expected a value, got \?$/,
        () => loadText(lines, { target: 'y', categorical: ['c'] }),
      );
      expect(hint).to.include('data.csv.missing');
      await expectError('data', /:2: column n: expected a value, got none$/, () =>
        loadText(['n,y', ',a'], { target: 'y' }),
      );
    });

    it('always refuses them in the target, and a column that has nothing else', async () => {
      await expectError('data', /:3: column y: expected a target, got \?$/, () =>
        loadText(['n,y', '1,a', '2,?'], { target: 'y', missing: 'mean' }),
      );
      const dataset = await loadText(['n,m,y', '1,2,a', '2,,b'], { target: 'y', missing: 'mean' });
      const source = { validation: { examples: 1, split: 'first', seed: 0 } };
      await expectError('data', /values of the column m in the training split/, () =>
        splitTraining(dataset, source),
      );
    });
  });

  it('reads back any numbers and words that a CSV writer quotes', () => {
    const word = fc
      .string({
        minLength: 1,
        maxLength: 6,
        unit: fc.constantFrom('a', 'b', '"', ',', ';', '\n', '\r', ' ', 'ü'),
      })
      .map((text) => `w${text}w`);
    const row = fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), word);
    return fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) =>
        withTemporaryFolder(async (folder) => {
          const text = stringify([['x', 'species'], ...rows], { quoted_match: /[\r\n]/ });
          await writeFile(join(folder, 'any.csv'), text);
          const { train, classes } = await load(folder);
          expect(Array.from(train.inputs.values)).to.deep.equal(rows.map(([x]) => x + 0));
          const read = Array.from(train.targets.values, (label) => classes![label]);
          expect(read).to.deep.equal(rows.map(([, name]) => name));
        }),
      ),
      { numRuns: 50 },
    );
  });

  it('reads lines that end in any way, with a mark of UTF-8, empty lines and spaces', async () => {
    const dataset = await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'a.csv'), '\ufeffx ; species\r\n 1 ;a\n\n2; "b;c" \r3;a');
      return load(folder, { delimiter: ';' });
    }).catch((error: unknown) => error);
    // A quote after a space is no quoted field.
    expect((dataset as Error).message).to.match(/a\.csv:4: expected CSV/);
    const read = await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'a.csv'), '\ufeffx ; species\r\n 1 ;a\n\n2;"b;c"\r3;a');
      return load(folder, { delimiter: ';' });
    });
    expect(Array.from(read.train.inputs.values)).to.deep.equal([1, 2, 3]);
    expect(read.classes).to.deep.equal(['a', 'b;c']);
  });

  const faults: [fault: string, lines: readonly string[], settings: object, message: RegExp][] = [
    ['a word among numbers', ['x,y', '1,a', 'two,b'], {}, /:3: column x: .*number, got "two"$/],
    ['numbers that overflow', ['x,y', '1e999,a'], {}, /:2: column x: .*number, got "1e999"$/],
    ['infinity', ['x,y', 'Infinity,a'], {}, /:2: column x: .*got "Infinity"$/],
    ['a target of both', ['x,y', '1,2', '1,b'], {}, /:3: column y: .* as on line 2, got "b"$/],
    [
      'words in several targets',
      ['x,y,z', '1,a,1'],
      { target: ['y', 'z'] },
      /:2: column y: .*"a"$/,
    ],
    ['too few fields', ['x,y', '"1\n",a', '1'], {}, /:4: expected 2 fields, .*got 1$/],
    [
      'an open quote',
      ['x,y', '1,"a', '2,b'],
      {},
      /table\.csv:3: expected CSV, got: Quote Not Closed/,
    ],
    ['no rows', ['x,y'], {}, /rows to train with in .*table\.csv, got 0/],
    ['no header', [''], {}, /table\.csv: expected a header/],
    ['a name used twice', ['x,y,x', '1,a,2'], {}, /:1: .* got x again for column 3$/],
    ['a column without a name', ['x,,y', '1,2,a'], {}, /:1: .* got none for column 2$/],
    ['no features', ['y', 'a'], {}, /features beside y, got none$/],
  ];
  for (const [fault, lines, settings, message] of faults) {
    it(`refuses ${fault}`, () =>
      expectError('data', message, () => loadText(lines, { target: 'y', ...settings })));
  }

  const wrongNames: [fault: string, settings: object, key: string, got: string][] = [
    ['no such target', { target: 'z' }, 'target', 'z'],
    ['no such feature', { features: ['x', 'w'] }, 'features', 'w'],
    ['no such category', { categorical: ['w'] }, 'categorical', 'w'],
    ['no such column for the test', { test: { column: 'w' } }, 'test.column', 'w'],
  ];
  for (const [fault, settings, key, got] of wrongNames) {
    it(`refuses ${fault}, and says which columns there are`, async () => {
      const { message, path } = await expectError('usage', `data.csv.${key}: `, () =>
        loadText(['x,y', '1,a', '2,b'], { target: 'y', ...settings }),
      );
      expect(message).to.match(/expected a column of .*table\.csv \(x, y\), got \w$/);
      expect(message.slice(-1)).to.equal(got);
      expect(path?.join('.')).to.equal(`data.csv.${key}`);
    });
  }

  it('refuses the target as a feature, and lists the first of many columns', async () => {
    await expectError('usage', /^data\.csv\.features: expected columns .* beside y, got y$/, () =>
      loadText(['x,y', '1,a'], { target: 'y', features: ['y'] }),
    );
    const many = Array.from({ length: 50 }, (_, i) => `c${i}`);
    await expectError('usage', /\(c0, .*, c19, and 30 more\), got y$/, () =>
      loadText([many.join(','), many.join(',')], { target: 'y' }),
    );
  });

  it('refuses a test file without the columns of the training file as data', () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'train.csv'), 'x,y\n1,a\n2,b\n');
      await writeFile(join(folder, 'test.csv'), 'x,z\n1,a\n');
      await expectError(
        'data',
        /test\.csv:1: expected the column y \(data\.csv\.target\), as in the other file, got x, z$/,
        () => load(folder, { target: 'y' }),
      );
    }));

  it('asks for the target where none is given, and for one table a folder', () =>
    withTemporaryFolder(async (folder) => {
      await expectError('data', /got none of them/, () => load(folder));
      await writeCsv(folder, 'flowers.csv', flowers);
      const { hint } = await expectError('usage', /^data\.csv: expected settings for/, () =>
        csv.load(folder),
      );
      expect(hint).to.include('data.csv.target');
      await writeCsv(folder, 'trees.csv', flowers);
      await expectError('data', /got flowers\.csv, trees\.csv/, () => load(folder));
      expect(csv.recognizes(new Set(['a.CSV.gz']))).to.equal(true);
    }));
});
