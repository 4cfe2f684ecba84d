import { LockstepError } from '../../protocol/index.js';
import type { Shape } from '../../protocol/index.js';

/** Sizes of an image, in pixels; its values are row-major, channels last. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** @throws LockstepError `usage` when the shape is not an image's */
export function imageShape(shape: Shape): ImageShape {
  const [height, width, channels] = shape;
  if (shape.length === 3 && height !== undefined && width !== undefined && channels !== undefined) {
    return { height, width, channels };
  }
  throw new LockstepError(
    'usage',
    `expected inputs that are images [height, width, channels], got [${shape.join(', ')}]`,
    { hint: 'Leave it out: only {kind: noise} takes inputs without rows and columns.' },
  );
}

/**
 * Checks a setting that counts pixels against the smaller side of the images.
 * @throws LockstepError `usage`
 */
export function requirePixels(name: string, pixels: number, most: number, input: Shape): void {
  if (pixels <= most) return;
  throw new LockstepError(
    'usage',
    `expected ${name} of at most ${most} for images of [${input.join(', ')}], got ${pixels}`,
    { path: [name], hint: `Lower ${name}.` },
  );
}
