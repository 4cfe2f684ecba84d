import { z } from 'zod';
import { formatPath, parsePath } from '../path.js';
import type { SweepParameter } from '../types.js';
import { finite, list, map, oneOf, whole } from './fields.js';

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
      'Several paths that vary together: a list of maps, each from the same dotted paths to values. The key above is then a name of your choice.',
    ),
}).transform((parameter, context): SweepParameter => {
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

/** What a sweep has its own way to vary, or cannot vary. */
const fixedKeys = ['name', 'seeds', 'sweep', 'extends'];

export const sweepSchema = map({
  method: oneOf(['grid', 'random']).describe('`grid`: every combination. `random`: samples.'),
  samples: whole(1).optional().describe('Number of points of a random search.'),
  seed: whole(0).default(1).describe('Seed of the random search.'),
  parameters: z
    .record(z.string(), parameterSchema, { error: 'a map from a dotted path to its values' })
    .describe(
      'What varies: dotted paths such as `training.optimizer.learningRate` or `variants.snn.dropout.rate`.',
    ),
}).superRefine(({ method, samples, parameters }, context) => {
  if (method === 'random' && samples === undefined) {
    context.addIssue('expected the number of samples of the random search, got none');
  }
  if (method === 'grid' && samples !== undefined) {
    const message = `expected no samples in a grid, got ${samples}`;
    context.addIssue({ code: 'custom', path: ['samples'], message });
  }
  if (Object.keys(parameters).length === 0) {
    context.addIssue({
      code: 'custom',
      path: ['parameters'],
      message: 'expected at least one path to vary, got none',
    });
  }
  const seen = new Set<string>();
  for (const { place, path, about } of sweptPaths(parameters)) {
    const message = problemWithPath(path, seen);
    if (message === undefined) continue;
    context.addIssue({
      code: 'custom',
      path: ['parameters', ...place],
      params: { about },
      message,
    });
  }
  for (const [key, parameter] of Object.entries(parameters)) {
    const place = { code: 'custom' as const, path: ['parameters', key] };
    if (method === 'grid' && !('values' in parameter || 'together' in parameter)) {
      const message = `expected values in a grid, got ${Object.keys(parameter).join()}`;
      context.addIssue({ ...place, params: { about: 'key' }, message });
    }
    if (!('together' in parameter)) continue;
    const [first = [], ...others] = parameter.together.map((item) => Object.keys(item).sort());
    if (first.length === 0) {
      const path = [...place.path, 'together', 0];
      context.addIssue({ ...place, path, message: 'expected at least one path, got none' });
    }
    for (const [index, paths] of others.entries()) {
      if (paths.join('\n') === first.join('\n')) continue;
      const message = `expected the same paths in every item (${first.join(', ')}), got ${paths.join(', ') || 'none'}`;
      context.addIssue({ ...place, path: [...place.path, 'together', index + 1], message });
    }
  }
});

interface SweptPath {
  readonly path: string;
  /** Where it is written, below `parameters`. */
  readonly place: readonly (string | number)[];
  readonly about: 'key';
}

/** Each path once where it is first written; those of later items of `together` are the same. */
function sweptPaths(parameters: Readonly<Record<string, SweepParameter>>): SweptPath[] {
  return Object.entries(parameters).flatMap(([key, parameter]): SweptPath[] =>
    'together' in parameter
      ? Object.keys(parameter.together[0] ?? {}).map((path) => ({
          path,
          place: [key, 'together', 0, path],
          about: 'key',
        }))
      : [{ path: key, place: [key], about: 'key' }],
  );
}

function problemWithPath(path: string, seen: Set<string>): string | undefined {
  const segments = parsePath(path);
  if (segments === undefined) return `expected a dotted path, got ${path}`;
  if (fixedKeys.includes(segments[0]!)) return `expected a path a sweep can vary, got ${path}`;
  const canonical = formatPath(segments);
  if (seen.has(canonical)) return `expected every path once, got ${path} twice`;
  seen.add(canonical);
  return undefined;
}
