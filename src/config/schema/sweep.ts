import { z } from 'zod';
import { formatPath, parsePath } from '../path.js';
import { whyFixed } from '../run-wide.js';
import { finite, list, map, oneOf, text, whole, type Resolved } from '../../schema/fields.js';
import { quantity } from './metrics.js';
import { variantName } from './names.js';

function bounds<Bound extends z.ZodType<number>>(bound: Bound) {
  const error = 'a list of two numbers, [low, high]';
  return z.tuple([bound, bound], { error }).optional();
}

const parameterSchema = map({
  values: list(z.unknown()).optional().describe('These values, one after the other.'),
  uniform: bounds(finite()).describe('Real numbers in [low, high), uniformly (random search).'),
  logUniform: bounds(finite()).describe(
    'Real numbers in [low, high) whose logarithm is uniform (random search); low is above 0.',
  ),
  int: bounds(z.int({ error: 'a whole number' })).describe(
    'Whole numbers from low to high, both included, uniformly (random search).',
  ),
  together: list(z.record(z.string(), z.unknown(), { error: 'a map from dotted paths to values' }))
    .optional()
    .describe(
      'Paths that vary together: a list of maps from dotted paths to values. A path that only some of them set has the value of the configuration in the others. The key above is then a name of your choice.',
    ),
}).transform((parameter, context) => {
  const kinds = Object.keys(parameter);
  const { values, uniform, logUniform, int, together } = parameter;
  const [low, high] = uniform ?? logUniform ?? int ?? [0, 1];
  if (kinds.length !== 1) {
    context.addIssue(
      `expected one of values, uniform, logUniform, int and together, got ${kinds.join(' and ') || 'none'}`,
    );
  } else if (low >= high) {
    context.addIssue(`expected low below high, got [${low}, ${high}]`);
  } else if (logUniform !== undefined && low <= 0) {
    context.addIssue(`expected bounds above 0, got [${low}, ${high}]`);
  }
  if (values !== undefined) return { values };
  if (together !== undefined) return { together };
  if (uniform !== undefined) return { uniform };
  if (logUniform !== undefined) return { logUniform };
  return int === undefined ? z.NEVER : { int };
});

const spaceSchema = z.record(text(), parameterSchema, {
  error: 'a map from a dotted path to its values',
});

const racingSchema = map({
  variant: variantName.optional().describe("This variant's own metric."),
  challenger: variantName
    .optional()
    .describe("This variant's paired difference from the baseline, seed by seed."),
}).superRefine((racing, context) => {
  const kinds = Object.keys(racing);
  if (kinds.length === 1) return;
  const got = kinds.join(' and ') || 'none';
  context.addIssue(`expected one of variant and challenger, got ${got}`);
});

export const sweepSchema = map({
  method: oneOf(['grid', 'random', 'race']).describe(
    '`grid`: every combination. `random`: samples. `race`: points of either kind run seed after seed, and those that fall behind are dropped (docs/statistics.md).',
  ),
  points: oneOf(['grid', 'random'])
    .optional()
    .describe('How the points of a race come about. Default: grid.'),
  of: racingSchema
    .optional()
    .describe(
      'What races: `{ challenger: snn }` or `{ variant: snn }`. Default: the difference of the only challenger; with one variant, its own metric.',
    ),
  metric: quantity()
    .optional()
    .describe('The metric that points race by. Default: decision.metric.'),
  samples: whole(1)
    .optional()
    .describe('Number of points of a random search, or of a race of random points.'),
  seed: whole(0).default(1).describe('Seed of the random search.'),
  parameters: z
    .union([spaceSchema, list(spaceSchema)], {
      error: 'a map from a dotted path to its values, or a list of such maps',
    })
    .describe(
      'What varies: dotted paths such as `training.optimizer.learningRate` or `variants.snn.dropout.rate`. Or a list of such maps, for parameters that only some points have: the points of each, in a random search each sample from one of them.',
    ),
}).superRefine((sweep, context) => {
  const { samples, parameters } = sweep;
  const isRandom = pointsOf(sweep) === 'random';
  for (const key of sweep.method === 'race' ? [] : (['points', 'of', 'metric'] as const)) {
    if (sweep[key] === undefined) continue;
    const message = `expected none without \`method: race\`, got a sweep by ${sweep.method}`;
    context.addIssue({ code: 'custom', path: [key], message });
  }
  if (isRandom && samples === undefined) {
    context.addIssue('expected the number of samples of the random search, got none');
  }
  if (!isRandom && samples !== undefined) {
    const message = `expected no samples in a grid, got ${samples}`;
    context.addIssue({ code: 'custom', path: ['samples'], message });
  }
  for (const [index, space] of sweepSpaces(sweep).entries()) {
    const at = ['parameters', ...(Array.isArray(parameters) ? [index] : [])];
    for (const { path, about, message } of spaceProblems(space, sweep)) {
      context.addIssue({ code: 'custom', path: [...at, ...path], params: { about }, message });
    }
  }
});

export type SweepConfig = Resolved<typeof sweepSchema>;
/** What varies, by dotted path, or for `together` by a name. */
export type SweepSpace = Resolved<typeof spaceSchema>;
/** How one path varies, or several together. */
export type SweepParameter = SweepSpace[string];

/** How the points of a sweep come about. */
export function pointsOf({
  method,
  points,
}: Pick<SweepConfig, 'method' | 'points'>): 'grid' | 'random' {
  return method === 'race' ? (points ?? 'grid') : method;
}

/** The spaces of a sweep, as a list even if there is one only. */
export function sweepSpaces({
  parameters,
}: Pick<SweepConfig, 'parameters'>): readonly SweepSpace[] {
  return isList(parameters) ? parameters : [parameters];
}

function isList(parameters: SweepConfig['parameters']): parameters is readonly SweepSpace[] {
  return Array.isArray(parameters);
}

interface SpaceProblem {
  /** Below the space. */
  readonly path: readonly (string | number)[];
  readonly about: 'key' | 'value';
  readonly message: string;
}

function spaceProblems(
  space: SweepSpace,
  sweep: Pick<SweepConfig, 'method' | 'points'>,
): SpaceProblem[] {
  const problems: SpaceProblem[] = [];
  if (Object.keys(space).length === 0) {
    const message = 'expected at least one path to vary, got none';
    problems.push({ path: [], about: 'value', message });
  }
  const paths = sweptPaths(space);
  for (const [index, swept] of paths.entries()) {
    const message =
      problemWithPath(swept, paths.slice(0, index)) ??
      (sweep.method === 'race' ? problemInRace(swept) : undefined);
    if (message !== undefined) problems.push({ path: swept.place, about: 'key', message });
  }
  for (const [key, parameter] of Object.entries(space)) {
    if ('together' in parameter) {
      if (parameter.together.some((item) => Object.keys(item).length > 0)) continue;
      const message = 'expected at least one path, got none';
      problems.push({ path: [key, 'together', 0], about: 'value', message });
    } else if (pointsOf(sweep) === 'grid' && !('values' in parameter)) {
      const message = `expected values in a grid, got ${Object.keys(parameter).join()}`;
      problems.push({ path: [key], about: 'key', message });
    }
  }
  return problems;
}

interface SweptPath {
  readonly path: string;
  /** Where it is written, below the space. */
  readonly place: readonly (string | number)[];
}

/** Every path, wherever it is written: items of a `together` may each set it. */
function sweptPaths(space: SweepSpace): SweptPath[] {
  return Object.entries(space).flatMap(([key, parameter]): SweptPath[] => {
    if (!('together' in parameter)) return [{ path: key, place: [key] }];
    return parameter.together.flatMap((item, index) =>
      Object.keys(item).map((path) => ({ path, place: [key, 'together', index, path] })),
    );
  });
}

/** A race compares its points by one metric on the same examples. */
function problemInRace({ path }: SweptPath): string | undefined {
  if (parsePath(path)?.[0] !== 'evaluation') return undefined;
  return `expected a path that a race can vary, got ${path}: its points are all measured alike`;
}

function problemWithPath(
  { path, place }: SweptPath,
  earlier: readonly SweptPath[],
): string | undefined {
  const segments = parsePath(path);
  if (segments === undefined) return `expected a dotted path, got ${path}`;
  // Paths identify points and name their columns, by their text.
  const canonical = formatPath(segments.map((key) => key.replace(/^0+(?=\d+$)/, '')));
  if (path !== canonical) return `expected the path to be written ${canonical}, got ${path}`;
  const reason = whyFixed(segments);
  if (reason !== undefined) return `expected a path that a sweep can vary, got ${path}: ${reason}`;
  for (const other of earlier) {
    // The items of one `together` are alternatives, which never meet.
    const isAlternative =
      place.length > 1 && other.place[0] === place[0] && other.place[2] !== place[2];
    if (isAlternative) continue;
    if (other.path === path) return `expected every path once, got ${path} twice`;
    if (`${path}.`.startsWith(`${other.path}.`) || `${other.path}.`.startsWith(`${path}.`)) {
      return `expected paths that set different keys, got ${path}, which overlaps ${other.path}`;
    }
  }
  return undefined;
}
