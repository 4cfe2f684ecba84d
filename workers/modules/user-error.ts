import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LockstepError } from '../../src/protocol/index.js';

/** Whose code failed. */
export interface Owner {
  readonly variant: string;
  /** Absolute. */
  readonly path: string;
}

const hint = 'Correct the module; docs/modules.md describes its interface.';

/** What a module gave that its interface does not have. */
export function wrongModule({ variant, path }: Owner, problem: string): LockstepError {
  return new LockstepError('module', `variant ${variant}: ${path}: ${problem}`, { hint });
}

/** Runs code of a module. @throws LockstepError `module` naming the file and line of the code that failed */
export function inModule<Value>(owner: Owner, run: () => Value): Value {
  const usual = deepenStacks();
  try {
    return run();
  } catch (error) {
    throw moduleError(owner, error);
  } finally {
    Error.stackTraceLimit = usual;
  }
}

/** As {@link inModule}, for code that may be asynchronous. */
export async function awaitModule<Value>(
  owner: Owner,
  run: () => Value | Promise<Value>,
): Promise<Value> {
  const usual = deepenStacks();
  try {
    return await run();
  } catch (error) {
    throw moduleError(owner, error);
  } finally {
    Error.stackTraceLimit = usual;
  }
}

/** TensorFlow.js alone has ten frames between an operation and what it throws. @returns the limit before */
function deepenStacks(): number {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Math.max(stackTraceLimit, 100);
  return stackTraceLimit;
}

/** @param found `file:line` where the error itself does not say it */
export function moduleError(owner: Owner, error: unknown, found?: string): LockstepError {
  if (error instanceof LockstepError) return error;
  const { variant, path } = owner;
  const { name, message, stack = '' } = error instanceof Error ? error : notAnError(error);
  const place = placeIn(stack) ?? found ?? path;
  const wrapped = new LockstepError('module', `variant ${variant}: ${place}: ${name}: ${message}`, {
    cause: error,
    hint: missing(message) ?? hint,
  });
  wrapped.stack = stack;
  return wrapped;
}

function notAnError(thrown: unknown): Error {
  const error = new Error(String(thrown));
  error.stack = '';
  return error;
}

/** A kernel or a gradient that an engine lacks, in TensorFlow.js's words. */
const lacking =
  /gradient function not found for (\w+)|Kernel '(\w+)' not registered for backend '(\w+)'|supports only 'valid' and 'same' padding/;

/** Whether a message tells of something that another engine may have. */
export function isLacking(message: string): boolean {
  return lacking.test(message);
}

function missing(message: string): string | undefined {
  const [, gradient, kernel, engine] = lacking.exec(message) ?? [];
  if (gradient !== undefined) return `TensorFlow.js has no gradient of ${gradient}.`;
  if (kernel === undefined) return undefined;
  return `TensorFlow.js has no ${kernel} on the engine ${engine}; docs/modules.md names what is missing.`;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Lockstep's code, compiled or not: with source maps, frames name the latter. */
const own = ['dist', 'src', 'workers'].map((folder) => join(root, folder, sep));

/** `file:line:column` of the innermost frame that is neither Lockstep's, nor Node.js's, nor a package's. */
function placeIn(stack: string): string | undefined {
  // A syntax error has no frame of its own: its place is the first line.
  const [first = ''] = stack.split('\n');
  const syntax = /^(file:\/\/\S+|\/\S+|[A-Z]:\\\S+):(\d+)$/.exec(first);
  if (syntax !== null) return `${pathOf(syntax[1]!)}:${syntax[2]}`;
  for (const line of stack.split('\n')) {
    const frame =
      /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Z]:\\)[^()]+?)(?:\?[^:]*)?:(\d+):(\d+)\)?$/.exec(
        line,
      );
    if (frame === null) continue;
    const path = pathOf(frame[1]!);
    if (isForeign(path)) continue;
    return `${path}:${frame[2]}:${frame[3]}`;
  }
  return undefined;
}

/** Source maps of packages name files that are not there. */
function isForeign(path: string): boolean {
  return (
    own.some((folder) => path.startsWith(folder)) ||
    /[\\/]node_modules[\\/]/.test(path) ||
    !existsSync(path)
  );
}

function pathOf(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place.replace(/\?.*$/, '')) : place;
}
