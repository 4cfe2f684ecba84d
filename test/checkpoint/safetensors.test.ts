import { expect } from 'chai';
import fc from 'fast-check';
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import { expectError } from '../support/expect-error.js';

const kernel = { shape: [2, 3], values: Float32Array.of(0, 1, -2, 3.5, NaN, Infinity) };

describe('safetensors', () => {
  it('decodes what it encoded, whatever the names, shapes and values', () => {
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    const tensor = shape.chain((sizes) => {
      const length = sizes.reduce((product, size) => product * size, 1);
      return fc
        .float32Array({ minLength: length, maxLength: length })
        .map((values) => ({ shape: sizes, values }));
    });
    const names = fc.string({ minLength: 1 }).filter((name) => !name.startsWith('__'));
    fc.assert(
      fc.property(fc.dictionary(names, tensor), (tensors) => {
        expect(decodeSafetensors(encodeSafetensors(tensors), 'file')).to.deep.equal({ ...tensors });
      }),
    );
  });

  it('writes the layout the format prescribes', () => {
    const file = encodeSafetensors({ 'layers.0.kernel': kernel }, { step: '3' });
    const headerLength = Number(file.readBigUInt64LE(0));
    expect(headerLength % 8).to.equal(0);
    expect(JSON.parse(file.toString('utf8', 8, 8 + headerLength))).to.deep.equal({
      __metadata__: { step: '3' },
      'layers.0.kernel': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    });
    expect(file.readFloatLE(8 + headerLength + 12)).to.equal(3.5);
    expect(file.length).to.equal(8 + headerLength + 24);
  });

  it('decodes a file that starts anywhere in memory', () => {
    const file = encodeSafetensors({ kernel });
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(decodeSafetensors(shifted.subarray(1), 'file')).to.deep.equal({ kernel });
  });

  it('refuses a truncated or corrupt file, naming it', async () => {
    const file = encodeSafetensors({ kernel });
    const badHeader = Buffer.from(file);
    badHeader[9] = 0;
    const noShape = Buffer.from(file.toString('latin1').replace('shape', 'shapf'), 'latin1');
    const otherType = Buffer.from(file.toString('latin1').replace('F32', 'F16'), 'latin1');
    for (const [broken, message] of [
      [file.subarray(0, 5), 'weights.safetensors: expected a safetensors file, but got 5 bytes'],
      [file.subarray(0, 20), /header of \d+ bytes is cut/],
      [file.subarray(0, file.length - 4), /tensor kernel of shape \[2, 3\] has bytes 0\.\.24/],
      [badHeader, 'its header is not JSON'],
      [noShape, 'tensor kernel has no dtype, shape and offsets'],
      [otherType, 'tensor kernel has dtype F16, not F32'],
    ] as const) {
      await expectError('data', message, () => decodeSafetensors(broken, 'weights.safetensors'));
    }
  });
});
