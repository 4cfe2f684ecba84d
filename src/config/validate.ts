import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { shippedFolder } from './files.js';
import { setPath } from './overlay.js';
import { formatPath, parsePath } from './path.js';
import { draw } from './plan-points.js';
import { problemsOf, type Problem } from './problems.js';
import { runWideChanges } from './run-wide.js';
import { orList } from '../schema/fields.js';
import { sweepSpaces, type SweepParameter } from './schema/sweep.js';
import { configSchema, type Config } from './schema.js';
import {
  formatOrigin,
  fromPlain,
  nodeAt,
  originOf,
  toPlain,
  type Origin,
  type Sourced,
} from './sourced.js';
import { suggest } from './suggest.js';

/**
 * Validates a configuration whose layers have been merged, and fills its defaults.
 * @throws LockstepError `usage`: every problem, on a line each, with the place it was written at
 */
export function validate(root: Sourced): Config {
  const { config, problems } = check(root);
  if (config !== undefined && problems.length === 0) return config;
  throw new LockstepError('usage', describeProblems(root, problems), {
    hint: `${join(shippedFolder, 'schema.json')} describes every key; --print-config shows what a configuration resolves to.`,
  });
}

/**
 * Validates plain data, for instance the configuration a manifest froze.
 * @param source its name in messages, for instance a file's name
 */
export function validateConfig(value: unknown, source: string): Config {
  return validate(fromPlain(value, { source }));
}

/**
 * The configuration at one point of a sweep: its values set, its `sweep` gone.
 * @param point values by dotted path, for instance `{ 'training.optimizer.learningRate': 0.1 }`
 * @param source its name in messages
 * @throws LockstepError `usage` when a value is not allowed at its path
 */
export function applyPoint(config: Config, point: Point, source = 'sweep'): Config {
  return validate(treeAtPoint(config, point, source));
}

type Point = Readonly<Record<string, unknown>>;

function treeAtPoint(config: Config, point: Point, source: string): Sourced {
  const origin = { source };
  return Object.entries(point).reduce(
    (tree, [path, value]) => {
      const segments = parsePath(path);
      if (segments === undefined) {
        throw new LockstepError('usage', `${source}: expected a dotted path, got ${path}`);
      }
      // Null stands for the point without the key, if other points have one.
      if (value === null && nodeAt(tree, segments) === undefined) return tree;
      return setPath(tree, segments, fromPlain(value, origin));
    },
    fromPlain({ ...config, sweep: undefined }, origin),
  );
}

function check(root: Sourced): { config?: Config; problems: Problem[] } {
  const input = toPlain(root);
  const result = configSchema.safeParse(input);
  const problems = result.success ? [] : problemsOf(result.error.issues, input);
  const isReported = (path: string) => problems.some((other) => formatPath(other.path) === path);
  problems.push(...prototypeProblems(root).filter(({ path }) => !isReported(formatPath(path))));
  problems.push(...baselineProblems(input));
  if (!result.success) return { problems };
  return { config: result.data, problems: [...problems, ...sweepProblems(result.data)] };
}

/** Where keys are names, the schema library passes over this one without a word. */
function prototypeProblems(node: Sourced, path: readonly PropertyKey[] = []): Problem[] {
  if (node.kind === 'scalar') return [];
  const children: [PropertyKey, Sourced][] =
    node.kind === 'list'
      ? [...node.items.entries()]
      : [...node.entries].map(([key, { value }]) => [key, value]);
  return children.flatMap(([key, value]): Problem[] => {
    const at = [...path, key];
    if (key !== '__proto__') return prototypeProblems(value, at);
    return [{ path: at, about: 'key', message: 'expected another name, got __proto__' }];
  });
}

function baselineProblems(input: unknown): Problem[] {
  const { baseline, variants } = (input ?? {}) as { baseline?: unknown; variants?: unknown };
  if (typeof baseline !== 'string' || typeof variants !== 'object' || variants === null) return [];
  if (Object.hasOwn(variants, baseline)) return [];
  const names = Object.keys(variants);
  const near = suggest(baseline, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const message = `expected the name of a variant (${orList(names)}), got ${JSON.stringify(baseline)}${hint}`;
  return [{ path: ['baseline'], about: 'value', message }];
}

/** Tries every listed value, and both ends of every range, each on its own. */
function sweepProblems(config: Config): Problem[] {
  const { sweep } = config;
  if (sweep === undefined) return [];
  return sweepSpaces(sweep).flatMap((space, index) => {
    const at = ['sweep', 'parameters', ...(Array.isArray(sweep.parameters) ? [index] : [])];
    return Object.entries(space)
      .flatMap(([path, parameter]) => samplesOf(path, parameter))
      .flatMap(({ key, point }) =>
        messagesAtPoint(config, point).map((message): Problem => ({
          path: [...at, ...key],
          about: 'value',
          message,
        })),
      );
  });
}

function messagesAtPoint(config: Config, point: Point): string[] {
  try {
    const { config: atPoint, problems } = check(treeAtPoint(config, point, 'sweep'));
    return [
      ...problems.map((problem) => `${formatPath(problem.path)}: ${problem.message}`),
      ...(atPoint === undefined ? [] : runWideChanges(config, atPoint)),
    ];
  } catch (error) {
    if (error instanceof LockstepError) return [error.message];
    throw error;
  }
}

interface Sample {
  /** Its place in its space. */
  readonly key: readonly [parameter: string, kind: string, index: number];
  readonly point: Point;
}

function samplesOf(path: string, parameter: SweepParameter): Sample[] {
  const at = (value: unknown) => ({ [path]: value });
  if ('values' in parameter) {
    return parameter.values.map((value, index) => ({
      key: [path, 'values', index],
      point: at(value),
    }));
  }
  if ('together' in parameter) {
    return parameter.together.map((point, index) => ({ key: [path, 'together', index], point }));
  }
  const [kind = ''] = Object.keys(parameter);
  // The smallest and the largest value that can be drawn.
  return [0, 1 - 2 ** -53].map((u, end) => ({
    key: [path, kind, end],
    point: at(draw(parameter, u)),
  }));
}

function describeProblems(root: Sourced, problems: readonly Problem[]): string {
  const placed = problems.map((problem) => ({
    ...problem,
    origin: originOf(root, problem.path, problem.about),
  }));
  // File by file, each from top to bottom.
  const sources = [...new Set(placed.map(({ origin }) => origin.source))];
  const order = sources.flatMap((source) =>
    placed
      .filter(({ origin }) => origin.source === source)
      .sort((a, b) => compareOrigins(a.origin, b.origin)),
  );
  const lines = order.map(({ origin, path, message }) => {
    const key = path.length > 0 ? [formatPath(path)] : [];
    return `${[formatOrigin(origin), ...key, message].join(': ')}${noteOnNull(nodeAt(root, path))}`;
  });
  // Several rules may find the same fault.
  return [...new Set(lines)].join('\n');
}

function noteOnNull(node: Sourced | undefined): string {
  if (node?.kind !== 'scalar' || node.value !== null) return '';
  return node.isEmpty === true
    ? '; to remove an inherited key write null'
    : '; there is no inherited key that it would remove';
}

function compareOrigins(a: Origin, b: Origin): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
