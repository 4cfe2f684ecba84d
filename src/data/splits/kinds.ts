import { LockstepError } from '../../protocol/index.js';
import { first } from './first.js';
import { random } from './random.js';
import type { SplitKind } from './split.js';
import { stratified } from './stratified.js';

/** Every choice that `data.validation.split` can name; the first is the default. */
export const splitKinds: readonly SplitKind[] = [first, random, stratified];

/** @throws LockstepError `bug` for a name that no split has */
export function splitKindNamed(name: string): SplitKind {
  const kind = splitKinds.find((one) => one.name === name);
  if (kind === undefined) throw new LockstepError('bug', `Expected a split, got ${name}.`);
  return kind;
}
