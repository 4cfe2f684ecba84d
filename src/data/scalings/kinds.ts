import { LockstepError } from '../../protocol/index.js';
import { minmax } from './minmax.js';
import { raw } from './raw.js';
import type { ScalingKind } from './scaling.js';
import { standardizedPerChannel } from './standardized-per-channel.js';
import { standardized } from './standardized.js';

/** Every scaling that a variant's `input` can name; the first is the default. */
export const scalings: readonly ScalingKind[] = [raw, standardized, standardizedPerChannel, minmax];

/** @throws LockstepError `bug` for a name that no scaling has */
export function scalingNamed(name: string): ScalingKind {
  const kind = scalings.find((one) => one.name === name);
  if (kind === undefined) throw new LockstepError('bug', `Expected a scaling, got ${name}.`);
  return kind;
}
