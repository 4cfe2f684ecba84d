import { LockstepError } from '../protocol/index.js';
import { formatPath, parsePath } from './path.js';
import { formatOrigin, nodeAt, originOf, type Sourced } from './sourced.js';

/**
 * An error about a key of a configuration, found after it was loaded, that also says where the key was
 * written, or that its value is the default.
 * @param point of a sweep, where the error is about one
 */
export type Blame = (
  error: LockstepError,
  point?: Readonly<Record<string, unknown>>,
) => LockstepError;

/** @param root the configuration as written */
export function blameIn(root: Sourced): Blame {
  return (error, point = {}) => {
    const { path, code, message, hint } = error;
    if (path === undefined) return error;
    const swept = Object.keys(point).find((key) => overlaps(parsePath(key) ?? [], path));
    const at = swept === undefined ? path : sweptPath(root, swept);
    const isDefault = swept === undefined && nodeAt(root, path) === undefined;
    const origin = formatOrigin(originOf(root, at, 'value'));
    const advice = isDefault ? `Set ${formatPath(path)}, which has its default.` : undefined;
    return new LockstepError(code, `${origin}: ${message}${isDefault ? ', the default' : ''}`, {
      path,
      hint: [hint, advice].filter((text) => text !== undefined).join(' ') || undefined,
      cause: error,
    });
  };
}

/** Whether one is above the other, or the same. */
function overlaps(a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean {
  return a.slice(0, b.length).every((key, depth) => key === String(b[depth]));
}

/** Where a sweep says how a path varies: by itself, or together with others. */
function sweptPath(root: Sourced, swept: string): readonly string[] {
  const parameters = ['sweep', 'parameters'];
  return nodeAt(root, [...parameters, swept]) === undefined ? parameters : [...parameters, swept];
}
