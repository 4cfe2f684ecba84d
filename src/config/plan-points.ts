import { streamSeed } from '../random/streams.js';
import { uniformDraw } from '../random/draw.js';
import { configHash } from './hash.js';
import type { SweepConfig, SweepParameter } from './types.js';

/** Values by dotted path. */
export type SweepPoint = Readonly<Record<string, unknown>>;

/** How many points a sweep asks for, before those that are the same are dropped. */
export function countPoints({ method, samples, parameters }: SweepConfig): number {
  if (method === 'random') return samples ?? 0;
  return Object.values(parameters).reduce(
    (product, parameter) => product * choices(parameter).length,
    1,
  );
}

/**
 * The points of a sweep, each once, in order: in a grid the last parameter varies fastest.
 *
 * A draw of a random search depends on the sweep's seed, the parameter's name and the sample's number
 * alone: more samples keep the points there were, another parameter keeps this one's values.
 */
export function planPoints(sweep: SweepConfig): SweepPoint[] {
  const points = sweep.method === 'grid' ? gridPoints(sweep) : randomPoints(sweep);
  const seen = new Set<string>();
  return points.filter((point) => {
    const key = configHash(point);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function gridPoints({ parameters }: SweepConfig): SweepPoint[] {
  return Object.entries(parameters).reduce<SweepPoint[]>(
    (points, [key, parameter]) =>
      points.flatMap((point) =>
        choices(parameter).map((choice) => ({ ...point, ...valuesAt(key, parameter, choice) })),
      ),
    [{}],
  );
}

function randomPoints({ samples = 0, seed, parameters }: SweepConfig): SweepPoint[] {
  const streams = Object.entries(parameters).map(
    ([key, parameter]) => [key, parameter, streamSeed(seed, 'sweep', key)] as const,
  );
  return Array.from({ length: samples }, (_, sample) => {
    const values = streams.map(([key, parameter, stream]) =>
      valuesAt(key, parameter, draw(parameter, uniformDraw(stream, sample))),
    );
    return Object.assign({}, ...values) as SweepPoint;
  });
}

function choices(parameter: SweepParameter): readonly unknown[] {
  if ('values' in parameter) return parameter.values;
  return 'together' in parameter ? parameter.together : [];
}

function valuesAt(key: string, parameter: SweepParameter, choice: unknown): SweepPoint {
  return 'together' in parameter ? (choice as SweepPoint) : { [key]: choice };
}

/** @param u uniform in [0, 1) */
function draw(parameter: SweepParameter, u: number): unknown {
  if ('int' in parameter) {
    const [low, high] = parameter.int;
    return Math.min(high, low + Math.floor(u * (high - low + 1)));
  }
  if ('uniform' in parameter) {
    const [low, high] = parameter.uniform;
    return within(low + u * (high - low), low, high);
  }
  if ('logUniform' in parameter) {
    const [low, high] = parameter.logUniform;
    return within(low * Math.exp(u * Math.log(high / low)), low, high);
  }
  const from = choices(parameter);
  return from[Math.floor(u * from.length)];
}

/** Rounding may reach `high`, which is not part of the range. */
function within(value: number, low: number, high: number): number {
  return value >= low && value < high ? value : low;
}
