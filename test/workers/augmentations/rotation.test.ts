import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Fill } from '../../../src/data/augmentations/fill.js';
import { rotate, rotation } from '../../../workers/augmentations/rotation.js';
import { augmented, counted } from '../../support/augmented.js';
import { fixedDraws } from '../../support/fixed-draws.js';

interface Golden {
  readonly shape: readonly [number, number, number];
  readonly degrees: number;
  readonly fill: Fill;
  readonly image: readonly number[];
  readonly rotated: readonly number[];
}

const goldens = JSON.parse(
  readFileSync(
    new URL('../../../../test/workers/augmentations/rotation.golden.json', import.meta.url),
    'utf8',
  ),
) as readonly Golden[];

describe('rotation', () => {
  it('gives what scipy.ndimage gives, for every fill', () => {
    for (const { shape, degrees, fill, image, rotated } of goldens) {
      const [height, width, channels] = shape;
      const to = new Float64Array(image.length);
      const angle = (degrees * Math.PI) / 180;
      rotate(Float64Array.from(image), to, { height, width, channels }, angle, fill);
      for (const [k, value] of to.entries()) {
        expect(value, `${degrees} of ${shape.join('x')}, ${fill}, value ${k}`).to.be.closeTo(
          rotated[k]!,
          1e-9,
        );
      }
    }
  });

  it('turns counterclockwise for a draw above one half, up to the degrees', () => {
    const quarter = rotation({ kind: 'rotation', degrees: 180, fill: 0 }, [2, 2, 1]);
    const turned = augmented(quarter, counted([2, 2, 1]), fixedDraws(0.75));
    expect(turned.map((value) => Math.round(1e9 * value) / 1e9)).to.deep.equal([2, 4, 1, 3]);
  });

  it('leaves the image as it is for a draw of one half', () => {
    const any = rotation({ kind: 'rotation', degrees: 30, fill: 0 }, [3, 2, 2]);
    expect(augmented(any, counted([3, 2, 2]), fixedDraws(0.5))).to.deep.equal(counted([3, 2, 2]));
  });
});
