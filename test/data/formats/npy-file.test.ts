import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseNpy } from '../../../src/data/formats/npy-file.js';
import { expectError } from '../../support/expect-error.js';

// scripts/goldens/npy.py makes it, with NumPy.
const golden = JSON.parse(readFileSync('test/data/formats/npy.golden.json', 'utf8')) as {
  readonly read: readonly {
    readonly dtype: string;
    readonly version: number;
    readonly shape: readonly number[];
    readonly values: readonly number[];
    readonly file: string;
  }[];
  readonly refused: Readonly<Record<string, string>>;
};

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const whole = bytesOf(golden.read[0]!.file);

describe('parseNpy', () => {
  for (const { dtype, version, shape, values, file } of golden.read) {
    it(`reads what NumPy saves as ${dtype} of shape [${shape.join(', ')}], version ${version}`, () => {
      const parsed = parseNpy(bytesOf(file), 'x');
      expect(parsed.shape).to.deep.equal(shape);
      expect(Array.from(parsed.values)).to.deep.equal(values);
      expect(parsed.values.buffer).to.be.instanceOf(SharedArrayBuffer);
      if (parsed.start !== undefined) expect(parsed.start % 64).to.equal(0);
    });
  }

  const faults: Record<string, RegExp> = {
    complex: /booleans, integers or floats of up to 64 bits in x\.npy, got <c8/,
    structured: /got a structured array/,
    unsigned: /fit in 32 bits in x\.npy, got 2147483648 at byte 128/,
    wide: /fit in 32 bits in x\.npy, got 1099511627776 at byte 136/,
  };
  for (const [name, message] of Object.entries(faults)) {
    it(`refuses ${name} values`, () =>
      expectError('data', message, () => parseNpy(bytesOf(golden.refused[name]!), 'x.npy')));
  }

  it('reads half floats that are not finite as they are, for the dataset to refuse', () => {
    const { values, start } = parseNpy(bytesOf(golden.refused.notFinite!), 'x');
    expect(Array.from(values)).to.deep.equal([1, Infinity, NaN]);
    expect(start, 'where they no longer stand').to.equal(undefined);
  });

  it('says how to save what it does not read', async () => {
    const complex = Buffer.from(bytesOf(golden.refused.complex!)).toString('latin1');
    const hintFor = async (descr: string) => {
      const header = complex
        .replace('<c8', descr)
        .replace(/ +\n/, (end) => `${' '.repeat(end.length + 2 - descr.length)}\n`);
      const { hint } = await expectError('data', `got ${descr}`, () =>
        parseNpy(Buffer.from(header, 'latin1'), 'x'),
      );
      return hint;
    };
    expect(await hintFor('<f16')).to.include("astype('<f8')");
    expect(await hintFor('<U7')).to.include('numpy.unique');
    expect(await hintFor('|O')).to.include('numpy.unique');
    expect(await hintFor('<c8')).to.equal('Save one array of whole numbers or floats.');
    expect(await hintFor('<M8[D]')).to.equal('Save one array of whole numbers or floats.');
  });

  it('refuses every truncation, any trailing byte and other files', async () => {
    for (let length = 0; length < whole.length; length++) {
      await expectError('data', 'x.npy', () => parseNpy(whole.subarray(0, length), 'x.npy'));
    }
    const longer = new Uint8Array(whole.length + 1);
    longer.set(whole);
    await expectError('data', /134 bytes in x .*128 \+ 2 x 3 x 1\), got 135: 1 trailing/, () =>
      parseNpy(longer, 'x'),
    );
    await expectError('data', /got 50 4b 03 04 14 00/, () =>
      parseNpy(Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0), 'x'),
    );
  });

  it('refuses a header that is no dictionary', async () => {
    const damaged = Uint8Array.from(whole);
    damaged.fill(0x20, 10, 128);
    await expectError('data', /a dictionary with descr/, () => parseNpy(damaged, 'x'));
  });
});
