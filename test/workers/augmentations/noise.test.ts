import { expect } from 'chai';
import { CountedDraws } from '../../../workers/augmentations/draws.js';
import { noise } from '../../../workers/augmentations/noise.js';
import { augmented } from '../../support/augmented.js';
import { fixedDraws } from '../../support/fixed-draws.js';

describe('noise', () => {
  it('adds Box and Muller draws times the standard deviation, four from each block', () => {
    const [u0, u1, u2, u3] = [0.1, 0.2, 0.3, 0.4] as const;
    const radii = [Math.sqrt(-2 * Math.log(u0)), Math.sqrt(-2 * Math.log(u2))] as const;
    const normal = [
      radii[0] * Math.cos(2 * Math.PI * u1),
      radii[0] * Math.sin(2 * Math.PI * u1),
      radii[1] * Math.cos(2 * Math.PI * u3),
      radii[1] * Math.sin(2 * Math.PI * u3),
    ];
    const noisy = augmented(
      noise({ kind: 'noise', std: 0.5 }, [5]),
      [1, 1, 1, 1, 1],
      fixedDraws(u0, u1, u2, u3),
    );
    [...normal, normal[0]!].forEach((z, k) => {
      expect(noisy[k]).to.be.closeTo(1 + 0.5 * z, 1e-8);
    });
  });

  it('has the mean 0 and the standard deviation asked for', () => {
    const size = 40_000;
    const draws = new CountedDraws(1).moveTo(1, 0, 0);
    const noisy = augmented(noise({ kind: 'noise', std: 0.2 }, [size]), Array(size).fill(0), draws);
    const mean = noisy.reduce((sum, value) => sum + value, 0) / size;
    const variance = noisy.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    expect(mean).to.be.closeTo(0, (4 * 0.2) / Math.sqrt(size));
    expect(Math.sqrt(variance)).to.be.closeTo(0.2, (4 * 0.2) / Math.sqrt(2 * size));
  });
});
