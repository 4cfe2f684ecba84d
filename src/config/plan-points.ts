import { streamSeed } from '../random/streams.js';
import { uniformDraw } from '../random/draw.js';
import { configHash } from './hash.js';
import {
  pointsOf,
  sweepSpaces,
  type SweepConfig,
  type SweepParameter,
  type SweepSpace,
} from './schema/sweep.js';

/** Values by dotted path. */
export type SweepPoint = Readonly<Record<string, unknown>>;

/** How many points a sweep asks for, before those that are the same are dropped. */
export function countPoints(sweep: SweepConfig): number {
  if (pointsOf(sweep) === 'random') return sweep.samples ?? 0;
  return sweepSpaces(sweep).reduce((sum, space) => sum + gridSize(space), 0);
}

/**
 * The points of a sweep, each once, in order: in a grid one space after the other, in each of which the
 * last parameter varies fastest.
 *
 * A draw of a random search depends on the sweep's seed, the parameter's name and the sample's number
 * alone: more samples keep the points there were, another parameter keeps this one's values. Of several
 * spaces each sample draws its own first, all with the same chance.
 */
export function planPoints(sweep: SweepConfig): SweepPoint[] {
  const points =
    pointsOf(sweep) === 'grid' ? sweepSpaces(sweep).flatMap(gridPoints) : randomPoints(sweep);
  const seen = new Set<string>();
  return points.filter((point) => {
    const key = configHash(point);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function gridSize(space: SweepSpace): number {
  return Object.values(space).reduce(
    (product, parameter) => product * choices(parameter).length,
    1,
  );
}

function gridPoints(space: SweepSpace): SweepPoint[] {
  return Object.entries(space).reduce<SweepPoint[]>(
    (points, [key, parameter]) =>
      points.flatMap((point) =>
        choices(parameter).map((choice) => ({ ...point, ...valuesAt(key, parameter, choice) })),
      ),
    [{}],
  );
}

function randomPoints(sweep: SweepConfig): SweepPoint[] {
  const spaces = sweepSpaces(sweep);
  const uniform = (name: string, sample: number) =>
    uniformDraw(streamSeed(sweep.seed, 'sweep', name), sample);
  return Array.from({ length: sweep.samples ?? 0 }, (_, sample) => {
    // No parameter has the empty name.
    const space = spaces.length > 1 ? pick(spaces, uniform('', sample)) : spaces[0]!;
    const values = Object.entries(space).map(([key, parameter]) =>
      valuesAt(key, parameter, draw(parameter, uniform(key, sample))),
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

/**
 * The value of a parameter whose uniform draw is `u`.
 * @param u in [0, 1)
 */
export function draw(parameter: SweepParameter, u: number): unknown {
  if ('int' in parameter) {
    const [low, high] = parameter.int;
    return Math.min(high, low + Math.floor(u * (high - low + 1)));
  }
  if ('uniform' in parameter) {
    const [low, high] = parameter.uniform;
    return within(between(low, high, u), low, high);
  }
  if ('logUniform' in parameter) {
    const [low, high] = parameter.logUniform;
    return within(Math.exp(between(Math.log(low), Math.log(high), u)), low, high);
  }
  return pick(choices(parameter), u);
}

function pick<Item>(items: readonly Item[], u: number): Item {
  return items[Math.floor(u * items.length)]!;
}

/** Neither the bounds' difference nor their ratio, which may be too large for a number, is formed. */
function between(low: number, high: number, u: number): number {
  return low * (1 - u) + high * u;
}

/** Rounding may leave the range by a bit, or reach `high`, which is not part of it. */
function within(value: number, low: number, high: number): number {
  const step = Math.abs(high) * 2 ** (high > 0 ? -53 : -52);
  const last = high - Math.max(step, Number.MIN_VALUE);
  return Math.max(low, Math.min(value, last));
}
