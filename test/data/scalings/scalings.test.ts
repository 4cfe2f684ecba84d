import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { createInputScaler } from '../../../src/data/input-scaler.js';
import { scalingNamed, scalings } from '../../../src/data/scalings/kinds.js';
import type { Examples, SharedValues, Shape } from '../../../src/protocol/index.js';
import { shared } from '../../support/examples.js';
import { expectError } from '../../support/expect-error.js';

interface Picture {
  readonly values: readonly number[];
  readonly perChannel: { readonly offset: readonly number[]; readonly scale: readonly number[] };
  readonly minmax: { readonly scaled: readonly number[] };
}
// scripts/goldens/scalings.py makes it, with scikit-learn.
const { pictures } = JSON.parse(
  readFileSync('test/data/scalings/scalings.golden.json', 'utf8'),
) as { readonly pictures: Readonly<Record<'bytes' | 'numbers', Picture>> };

function examples(shape: Shape, values: SharedValues): Examples {
  const count = values.length / shape.reduce((product, length) => product * length, 1);
  const targets = { shape: [], values: shared(Uint8Array, new Uint8Array(count)) };
  return { count, inputs: { shape, values }, targets };
}

const cases = {
  bytes: examples([2, 3, 3], shared(Uint8Array, pictures.bytes.values)),
  numbers: examples([2, 3, 2], shared(Float64Array, pictures.numbers.values)),
};

function scaledBy(name: string, { inputs, count }: Examples): Float32Array {
  const scaling = scalingNamed(name).fit(examples(inputs.shape, inputs.values));
  const out = new Float32Array(inputs.values.length);
  createInputScaler(inputs, scaling)(
    out,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  return out;
}

describe('scalings', () => {
  it('are found by their names, raw first', async () => {
    expect(scalings.map(({ name }) => name)).to.deep.equal([
      'raw',
      'standardized',
      'standardizedPerChannel',
      'minmax',
    ]);
    await expectError('bug', 'got whitened', () => scalingNamed('whitened'));
  });

  for (const kind of ['bytes', 'numbers'] as const) {
    it(`fit one mean and deviation to all pixels of a channel, as scikit-learn does (${kind})`, () => {
      const { offset, scale } = scalingNamed('standardizedPerChannel').fit(cases[kind])!;
      const golden = pictures[kind].perChannel;
      golden.offset.forEach((value, k) => expect(offset[k]).to.be.closeTo(value, 1e-12));
      golden.scale.forEach((value, k) => expect(scale[k]).to.be.closeTo(value, 1e-12));
      expect(offset).to.have.length(golden.offset.length);
    });

    it(`scale from the minimum to the maximum of each value, as scikit-learn does (${kind})`, () => {
      const scaled = scaledBy('minmax', cases[kind]);
      const golden = pictures[kind].minmax.scaled;
      golden.forEach((value, k) => expect(scaled[k]).to.be.closeTo(value, 1e-7));
      expect(scaled).to.have.length(golden.length);
    });
  }

  it('standardize features alike per feature and per channel', () => {
    const features = examples([3], shared(Float32Array, [1, 2, 3, 4, -5, 6, 7, 8, -9]));
    expect(scalingNamed('standardizedPerChannel').fit(features)).to.deep.equal(
      scalingNamed('standardized').fit(features),
    );
  });

  it('map every value into [0, 1] by minmax, its ends exactly and a constant to 0', () => {
    const rows = fc.array(
      fc.tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(3), fc.integer()),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(rows, (table) => {
        const out = scaledBy('minmax', examples([3], shared(Float64Array, table.flat())));
        for (let k = 0; k < 3; k++) {
          const column = table.map((row) => row[k]!);
          const scaled = table.map((_, row) => out[row * 3 + k]!);
          const constant = Math.min(...column) === Math.max(...column);
          expect(Math.min(...scaled)).to.equal(0);
          expect(Math.max(...scaled)).to.equal(constant ? 0 : 1);
        }
      }),
    );
  });
});
