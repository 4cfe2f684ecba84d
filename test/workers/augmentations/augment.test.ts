import { expect } from 'chai';
import type { AugmentationSpec } from '../../../src/data/augmentations.js';
import { createInputScaler } from '../../../src/data/input-scaler.js';
import { philox4x32 } from '../../../src/random/philox.js';
import { scalingNamed, scalings } from '../../../src/data/scalings/kinds.js';
import type { Column } from '../../../src/protocol/index.js';
import { createAugmenter } from '../../../workers/augmentations/augment.js';
import { shared } from '../../support/examples.js';
import { noise as images } from '../../support/variants.js';

const column = images.inputs;
const flip: AugmentationSpec = { kind: 'horizontalFlip', probability: 0.5 };
const crop: AugmentationSpec = { kind: 'randomCrop', padding: 2, fill: 0 };
const grain: AugmentationSpec = { kind: 'noise', std: 0.1 };
const raw = (of: Column) => createInputScaler(of);

/** The inputs of a step's minibatch. */
function inputsOf(
  augmentation: readonly AugmentationSpec[],
  { step = 1, seed = 7, indices = [3, 1, 4, 1, 5], scaler = raw } = {},
): Float32Array {
  const out = new Float32Array(64 * indices.length);
  createAugmenter({ column, augmentation, seed, scaler })(out, Int32Array.from(indices), step);
  return out;
}

describe('createAugmenter', () => {
  it('changes nothing without augmentations, whatever the scaling', () => {
    for (const kind of scalings) {
      const scaling = kind.fit(images);
      const scaler = (of: Column) => createInputScaler(of, scaling);
      const plain = new Float32Array(64 * 5);
      scaler(column)(plain, Int32Array.of(3, 1, 4, 1, 5));
      expect(inputsOf([], { scaler }), kind.name).to.deep.equal(plain);
    }
  });

  it('draws from Philox at (block, position, step, place) with the seed as the key', () => {
    const step = 3;
    const plain = inputsOf([]);
    const flipped = inputsOf([{ kind: 'noise', std: 1e-30 }, flip], { step });
    for (let position = 0; position < 5; position++) {
      const [word] = philox4x32([0, position, step, 1], [7, 0]);
      const row = plain.slice(64 * position, 64 * position + 8);
      const expected = word / 2 ** 32 < 0.5 ? row.reverse() : row;
      expect(flipped.slice(64 * position, 64 * position + 8)).to.deep.equal(expected);
    }
  });

  it('gives the same inputs for the same seed, step and positions, whatever came before', () => {
    const all = [flip, crop, grain];
    const augment = createAugmenter({ column, augmentation: all, seed: 7, scaler: raw });
    const [first, again] = [new Float32Array(64 * 2), new Float32Array(64 * 2)];
    augment(first, Int32Array.of(8, 9), 5);
    augment(again, Int32Array.of(2, 3), 6);
    expect(again).not.to.deep.equal(first);
    augment(again, Int32Array.of(8, 9), 5);
    expect(again).to.deep.equal(first);
  });

  it('draws anew for every seed, step, position and place in the list', () => {
    const base = inputsOf([grain]);
    expect(inputsOf([grain], { seed: 8 })).not.to.deep.equal(base);
    expect(inputsOf([grain], { step: 2 })).not.to.deep.equal(base);
    // The second and the fourth of the minibatch are the same example.
    expect(base.slice(64, 128)).not.to.deep.equal(base.slice(3 * 64, 4 * 64));
    const plain = inputsOf([]);
    const once = base.map((value, k) => value - plain[k]!);
    const twice = inputsOf([grain, grain]).map((value, k) => value - base[k]!);
    expect(twice).not.to.deep.equal(once);
  });

  it('applies augmentations in their order', () => {
    const cut: AugmentationSpec = { kind: 'cutout', size: 3, fill: 0.5 };
    const always: AugmentationSpec = { kind: 'horizontalFlip', probability: 1 };
    expect(inputsOf([cut, always])).not.to.deep.equal(inputsOf([always, cut]));
    expect(inputsOf([always, always])).to.deep.equal(inputsOf([]));
  });

  it('augments before it scales: a fill is a number in [0, 1], as bytes are', () => {
    const scaling = scalingNamed('standardized').fit(images)!;
    const scaler = (of: Column) => createInputScaler(of, scaling);
    const blank = inputsOf([{ kind: 'cutout', size: 8, fill: 0.25 }], { scaler, indices: [0] });
    const [of, values] = [inputsOf([], { scaler, indices: [0] }), [...blank]];
    const cut = values.flatMap((value, k) => (value === of[k] ? [] : [k]));
    expect(cut.length).to.be.greaterThan(8);
    for (const k of cut) {
      expect(values[k]).to.equal(Math.fround((0.25 - scaling.offset[k]!) / scaling.scale[k]!));
    }
  });

  it('takes numbers other than bytes as they are, of any shape', () => {
    const values = shared(Float32Array, [10, 20, 30, 40, 50, 60]);
    const features = { shape: [3], values };
    const out = new Float32Array(3);
    const augmentation = [{ kind: 'noise', std: 1e-30 }] as const;
    createAugmenter({ column: features, augmentation, seed: 1, scaler: raw })(
      out,
      Int32Array.of(1),
      1,
    );
    expect([...out]).to.deep.equal([40, 50, 60]);
    expect([...values]).to.deep.equal([10, 20, 30, 40, 50, 60]);
  });
});
