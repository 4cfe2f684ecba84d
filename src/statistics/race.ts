import { tUpperQuantile } from './distributions.js';
import { mean, noiseFloor, sum } from './moments.js';
import type { Direction } from './verdict.js';

/** What a trial gave its point in a race: null if it ended without a value, undefined before it has ended. */
export type RaceValue = number | null | undefined;

export interface RaceRules {
  readonly direction: Direction;
  /** Chance of dropping one of the best points, over all looks; in (0, 0.5). */
  readonly alpha: number;
  /** The length of the race, N: how many seeds the survivors run. There are looks if it is at least 3. */
  readonly seeds: number;
}

/** A look at the points that are left, after one seed of all of them. */
export interface RaceLook {
  /** Values that every point has by then, n. */
  readonly seeds: number;
  /** The points compared, a of them, by their places. */
  readonly points: readonly number[];
  /** Their means over the seeds, in the same order. */
  readonly means: readonly number[];
  /** The one with the best mean. */
  readonly leader: number;
  /** Root of the residual mean square s² of the points x seeds table. */
  readonly pooledSd: number;
  /** Its degrees of freedom, (a - 1)(n - 1). */
  readonly df: number;
  /** The upper quantile of Student's t at alpha / (K (m - 1)). */
  readonly tCritical: number;
  /** How far behind the leader a point may be, in the metric's unit: t s √(2 / n). */
  readonly bound: number;
  readonly dropped: readonly number[];
}

/** The end of a point's race. */
export interface RaceDrop {
  readonly point: number;
  /** How many seeds it ran. */
  readonly seeds: number;
  /** The look at which it was behind by more than the bound; absent if its last trial gave no value. */
  readonly look?: RaceLook | undefined;
}

/** How far behind the leader's mean a point's was at a look that it took part in; at least 0. */
export function gapAt({ points, means, leader }: RaceLook, point: number): number {
  const meanOf = (which: number) => means[points.indexOf(which)]!;
  return Math.abs(meanOf(leader) - meanOf(point));
}

export interface Race {
  readonly looks: readonly RaceLook[];
  /** In the order in which they happened. */
  readonly drops: readonly RaceDrop[];
  /** The points still racing, ascending. */
  readonly survivors: readonly number[];
  /** Place of the seed that the survivors run now; the number of seeds once the race is over. */
  readonly round: number;
}

/**
 * A race of points over seeds, as far as values are known (Maron and Moore 1994; with blocks, Birattari et
 * al. 2002). All points run the first seed, then the second, and so on. After each seed n from 2 to N - 1
 * a point is dropped if its mean over the seeds is behind the best one by more than t s √(2 / n): s² is
 * the residual mean square of the table of the a points left and n seeds, which takes out what a seed does
 * to all points alike, and t the quantile of Student's t with (a - 1)(n - 1) degrees of freedom at
 * 1 - alpha / (K (m - 1)), Bonferroni's correction for the m - 1 rivals and the K = N - 2 looks. A point
 * whose trial ends without a value is dropped at once.
 *
 * Without any residual (s = 0) the spread is unknown and nothing is dropped.
 *
 * @param values `[points][seeds]`, the seeds in the race's order; values beyond a point's drop are ignored
 */
export function race(values: readonly (readonly RaceValue[])[], rules: RaceRules): Race {
  const looks: RaceLook[] = [];
  const drops: RaceDrop[] = [];
  let survivors = values.map((_, point) => point);
  let round = 0;
  const drop = (points: readonly number[], look?: RaceLook) => {
    drops.push(...points.map((point) => ({ point, seeds: round + 1, ...(look && { look }) })));
    survivors = survivors.filter((point) => !points.includes(point));
  };
  for (; round < rules.seeds && survivors.length > 0; round++) {
    const ofSeed = (point: number) => values[point]![round];
    drop(survivors.filter((point) => ofSeed(point) === null));
    if (survivors.some((point) => ofSeed(point) === undefined)) break;
    const seeds = round + 1;
    if (seeds < 2 || seeds >= rules.seeds || survivors.length < 2) continue;
    const rows = survivors.map((point) => values[point]!.slice(0, seeds) as number[]);
    const look = lookAt(survivors, rows, { ...rules, rivals: values.length - 1 });
    looks.push(look);
    drop(look.dropped, look);
  }
  return { looks, drops, survivors, round: survivors.length === 0 ? rules.seeds : round };
}

function lookAt(
  points: readonly number[],
  rows: readonly (readonly number[])[],
  { direction, alpha, seeds: length, rivals }: RaceRules & { readonly rivals: number },
): RaceLook {
  const seeds = rows[0]!.length;
  const noise = noiseFloor(...rows);
  const means = rows.map((row) => mean(row));
  const df = (rows.length - 1) * (seeds - 1);
  const spread = Math.sqrt(residualSquares(rows, means) / df);
  const pooledSd = spread > noise ? spread : 0;
  const tCritical = tUpperQuantile(alpha / ((length - 2) * rivals), df);
  const bound = tCritical * pooledSd * Math.sqrt(2 / seeds);
  const ahead = direction === 'higher' ? 1 : -1;
  const best = means.reduce((lead, value) => (ahead * (value - lead) > 0 ? value : lead));
  return {
    seeds,
    points,
    means,
    leader: points[means.indexOf(best)]!,
    pooledSd,
    df,
    tCritical,
    bound,
    dropped: points.filter((_, at) => pooledSd > 0 && ahead * (best - means[at]!) > bound + noise),
  };
}

/** Sum of the squares that neither the point's mean nor the seed's explains. */
function residualSquares(rows: readonly (readonly number[])[], means: readonly number[]): number {
  const grand = mean(means);
  const ofSeed = rows[0]!.map((_, seed) => mean(rows.map((row) => row[seed]!)));
  return sum(
    rows.flatMap((row, point) =>
      row.map((value, seed) => (value - means[point]! - ofSeed[seed]! + grand) ** 2),
    ),
  );
}
