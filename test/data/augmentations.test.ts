import { expect } from 'chai';
import { checkAugmentations } from '../../src/data/augmentations.js';
import type { AugmentationSpec } from '../../src/data/augmentations.js';
import { LockstepError } from '../../src/protocol/index.js';
import type { Shape } from '../../src/protocol/index.js';

const flip: AugmentationSpec = { kind: 'horizontalFlip', probability: 0.5 };

function refusal(specs: readonly AugmentationSpec[], input: Shape): LockstepError {
  try {
    checkAugmentations(specs, input);
  } catch (error) {
    if (error instanceof LockstepError) return error;
    throw error;
  }
  throw new Error('expected an error, got none');
}

describe('checkAugmentations', () => {
  it('takes those that fit, noise on any inputs', () => {
    checkAugmentations([flip, { kind: 'shift', pixels: 7, fill: 0 }], [8, 9, 3]);
    checkAugmentations([{ kind: 'noise', std: 1 }], [30]);
    checkAugmentations([], [30]);
  });

  it('refuses what needs rows and columns on other inputs, and names its place', () => {
    for (const spec of [
      flip,
      { kind: 'shift', pixels: 1, fill: 0 },
      { kind: 'randomCrop', padding: 1, fill: 0 },
      { kind: 'rotation', degrees: 1, fill: 0 },
      { kind: 'cutout', size: 1, fill: 0 },
    ] satisfies AugmentationSpec[]) {
      const error = refusal([{ kind: 'noise', std: 1 }, spec], [30]);
      expect(error.code).to.equal('usage');
      expect(error.message).to.equal(
        `training.augmentation.1 (${spec.kind}): expected inputs that are images [height, width, channels], got [30]`,
      );
      expect(error.path).to.deep.equal(['training', 'augmentation', 1]);
      expect(error.hint).to.include('noise');
    }
  });

  const tooLarge: readonly [AugmentationSpec, key: string, most: number][] = [
    [{ kind: 'shift', pixels: 8, fill: 0 }, 'pixels', 7],
    [{ kind: 'randomCrop', padding: 8, fill: 0 }, 'padding', 7],
    [{ kind: 'cutout', size: 9, fill: 0 }, 'size', 8],
  ];
  for (const [spec, key, most] of tooLarge) {
    it(`refuses ${spec.kind} by more pixels than an image has`, () => {
      const error = refusal([spec], [9, 8, 1]);
      expect(error.message).to.include(
        `expected ${key} of at most ${most} for images of [9, 8, 1]`,
      );
      expect(error.path).to.deep.equal(['training', 'augmentation', 0, key]);
    });
  }
});
