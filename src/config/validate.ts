import { LockstepError } from '../protocol/index.js';
import { setPath } from './overlay.js';
import { formatPath, parsePath } from './path.js';
import { problemsOf, type Problem } from './problems.js';
import { orList } from '../schema/fields.js';
import { sweepSpaces, type SweepParameter } from './schema/sweep.js';
import { configSchema, type Config } from './schema.js';
import { formatPlace, fromPlain, placeOf, toPlain, type Place, type Sourced } from './sourced.js';
import { suggest } from './suggest.js';

/**
 * Validates a configuration whose layers have been merged, and fills its defaults.
 * @throws LockstepError `usage`: every problem, on a line each, with the place it was written at
 */
export function validate(root: Sourced): Config {
  const { config, problems } = check(root);
  if (config !== undefined && problems.length === 0) return config;
  throw new LockstepError('usage', describeProblems(root, problems), {
    hint: 'configs/schema.json describes every key; --print-config shows what a configuration resolves to.',
  });
}

/**
 * Validates plain data, for instance the configuration a manifest froze.
 * @param source what messages call it, for instance a file's name
 */
export function validateConfig(value: unknown, source: string): Config {
  return validate(fromPlain(value, { source }));
}

/**
 * The configuration at one point of a sweep: its values set, its `sweep` gone.
 * @param point values by dotted path, for instance `{ 'training.optimizer.learningRate': 0.1 }`
 * @param source what messages call it
 * @throws LockstepError `usage` when a value is not allowed where the path says
 */
export function applyPoint(config: Config, point: Point, source = 'sweep'): Config {
  return validate(treeAtPoint(config, point, source));
}

type Point = Readonly<Record<string, unknown>>;

function treeAtPoint(config: Config, point: Point, source: string): Sourced {
  const place = { source };
  return Object.entries(point).reduce(
    (tree, [path, value]) => {
      const segments = parsePath(path);
      if (segments !== undefined) return setPath(tree, segments, fromPlain(value, place));
      throw new LockstepError('usage', `${source}: expected a dotted path, got ${path}`);
    },
    fromPlain({ ...config, sweep: undefined }, place),
  );
}

function check(root: Sourced): { config?: Config; problems: Problem[] } {
  const input = toPlain(root);
  const result = configSchema.safeParse(input);
  const problems = baselineProblems(input);
  if (!result.success) {
    return { problems: [...problemsOf(result.error.issues, input), ...problems] };
  }
  return { config: result.data, problems: [...problems, ...sweepProblems(result.data)] };
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
    const { problems } = check(treeAtPoint(config, point, 'sweep'));
    return problems.map((problem) => `${formatPath(problem.path)}: ${problem.message}`);
  } catch (error) {
    if (error instanceof LockstepError) return [error.message];
    throw error;
  }
}

type Bounds = [kind: string, bounds: readonly [low: number, high: number]];

interface Sample {
  /** Where in its space it is written. */
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
  return Object.entries(parameter).flatMap(([kind, [low, high]]: Bounds) => [
    { key: [path, kind, 0] as const, point: at(low) },
    // The upper bound of real numbers is never drawn, but numbers as near as this to it are.
    {
      key: [path, kind, 1] as const,
      point: at(kind === 'int' ? high : high - (high - low) * 2 ** -30),
    },
  ]);
}

function describeProblems(root: Sourced, problems: readonly Problem[]): string {
  const placed = problems.map((problem) => ({
    ...problem,
    place: placeOf(root, problem.path, problem.about),
  }));
  // File by file, each from top to bottom.
  const sources = [...new Set(placed.map(({ place }) => place.source))];
  const order = sources.flatMap((source) =>
    placed
      .filter(({ place }) => place.source === source)
      .sort((a, b) => comparePlaces(a.place, b.place)),
  );
  return order
    .map(({ place, path, message }) =>
      [formatPlace(place), ...(path.length > 0 ? [formatPath(path)] : []), message].join(': '),
    )
    .join('\n');
}

function comparePlaces(a: Place, b: Place): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
