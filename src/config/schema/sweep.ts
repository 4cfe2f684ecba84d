import { z } from 'zod';
import { parsePath } from '../path.js';
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
}).transform((parameter, context): SweepParameter => {
  const kinds = Object.keys(parameter);
  const { values, uniform, logUniform, int } = parameter;
  const [low, high] = uniform ?? logUniform ?? int ?? [0, 1];
  if (kinds.length !== 1) {
    context.addIssue(
      `expected one of values, uniform, logUniform and int, got ${kinds.join(' and ') || 'none'}`,
    );
  } else if (low >= high) {
    context.addIssue(`expected low below high, got [${low}, ${high}]`);
  } else if (logUniform !== undefined && low <= 0) {
    context.addIssue(`expected bounds above 0, got [${low}, ${high}]`);
  }
  if (values !== undefined) return { values };
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
    .describe('What varies: dotted paths such as `training.optimizer.learningRate`.'),
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
  for (const [path, parameter] of Object.entries(parameters)) {
    const segments = parsePath(path);
    const place = {
      code: 'custom' as const,
      path: ['parameters', path],
      params: { about: 'key' },
    };
    if (segments === undefined) {
      context.addIssue({ ...place, message: `expected a dotted path, got ${path}` });
    } else if (fixedKeys.includes(segments[0]!)) {
      context.addIssue({ ...place, message: `expected a path a sweep can vary, got ${path}` });
    } else if (method === 'grid' && !('values' in parameter)) {
      const got = Object.keys(parameter).join();
      context.addIssue({ ...place, message: `expected values in a grid, got ${got}` });
    }
  }
});
