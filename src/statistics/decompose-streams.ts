import { type Computed, type Interval, computed, notComputable } from './computable.js';
import { fUpperQuantile, fUpperTail } from './distributions.js';
import { crossedStreams, latinSquare } from './latin-square.js';
import type { CrossedStream } from './latin-square.js';
import { isConstant, mean, noiseFloor, settled, sum } from './moments.js';

/** What moves a value: a stream, or what no stream explains alone. */
export const sources = [...crossedStreams, 'rest'] as const;
export type Source = (typeof sources)[number];
export type BySource = Readonly<Partial<Record<Source, number>>>;

export interface StreamEffect {
  readonly stream: CrossedStream;
  readonly meanSquare: number;
  /** The estimated variance; below 0 where the stream's levels differ less than the rest would have them. */
  readonly component: number;
  /** Of the sum of all components, those below 0 taken as 0. */
  readonly share: number;
  readonly f: number;
  /** Of "the stream has no effect". */
  readonly p: number;
  /** Of the stream's variance in units of the rest's; exact where effects are normal. */
  readonly ratio: Interval;
}

export interface StreamDecomposition {
  /** Of all cells. */
  readonly mean: number;
  readonly levels: number;
  readonly streams: readonly StreamEffect[];
  readonly rest: {
    readonly df: number;
    readonly meanSquare: number;
    readonly component: number;
    readonly share: number;
  };
  /** The source whose variance exceeds that of every other, where the intervals say so. */
  readonly dominant: Source | null;
}

export interface CrossedOptions {
  /** Streams that values depend on; the luck of another is part of the rest. */
  readonly streams: readonly CrossedStream[];
  /** 1 - the level of the intervals. */
  readonly alpha: number;
}

/**
 * How much of the variance of a value each random stream brings in: the analysis of variance of a Latin square, or of
 * a two-way layout where the dropout stream is left out, with random effects (Searle, Casella and
 * McCulloch, Variance Components, 1992). Assumes normal effects that add up; interactions count as rest.
 * @param cells a value for each cell of {@link latinSquare}, in its order
 */
export function decomposeStreams(
  cells: readonly number[],
  { streams, alpha }: CrossedOptions,
): Computed<StreamDecomposition> {
  const floor = noiseFloor(cells);
  const values = settled(cells, floor);
  if (isConstant(values)) {
    return notComputable('all cells have the same value');
  }
  const levels = Math.sqrt(values.length);
  const { meanSquares, components, restDf } = products(values, values, streams);
  // Sums of squares below the square of the floor are what rounding left.
  if (meanSquares.rest! * restDf <= values.length * floor ** 2) {
    return notComputable(
      'the streams explain every value exactly, so there is no rest to hold them against',
    );
  }
  const positive = (source: Source) => Math.max(0, components[source] ?? 0);
  const total = sum(sources.map(positive));
  const effects = streams.map((stream): StreamEffect => {
    const f = meanSquares[stream]! / meanSquares.rest!;
    const end = (tail: number) =>
      Math.max(0, (f / fUpperQuantile(tail, levels - 1, restDf) - 1) / levels);
    return {
      stream,
      meanSquare: meanSquares[stream]!,
      component: components[stream]!,
      share: positive(stream) / total,
      f,
      p: fUpperTail(f, levels - 1, restDf),
      ratio: { level: 1 - alpha, low: end(alpha / 2), high: end(1 - alpha / 2) },
    };
  });
  return computed({
    mean: mean(values),
    levels,
    streams: effects,
    rest: {
      df: restDf,
      meanSquare: meanSquares.rest!,
      component: components.rest!,
      share: positive('rest') / total,
    },
    dominant: dominantSource(effects),
  });
}

/** A stream by its interval above the rest (a ratio of 1) and above the other streams' intervals, or the rest above all of those. */
function dominantSource(effects: readonly StreamEffect[]): Source | null {
  if (effects.every(({ ratio }) => ratio.high < 1)) return 'rest';
  const first = effects.find(({ stream, ratio }) =>
    effects.every((other) => other.stream === stream || ratio.low > other.ratio.high),
  );
  return first !== undefined && first.ratio.low > 1 ? first.stream : null;
}

export interface PairedStreams {
  /** Of the two variants' effects, by source. */
  readonly covariances: BySource;
  /** The share of var A + var B that the same draws of a source remove from the variance of B - A. */
  readonly saves: BySource;
  /** The same of all sources together. */
  readonly total: number;
}

/**
 * What it bought that both variants of a cell have the same draws: 2 cov(A, B) / (var A + var B) for each source,
 * from the components of the covariance.
 * @param baseline a value for each cell, as {@link decomposeStreams}
 */
export function pairedStreams(
  baseline: readonly number[],
  challenger: readonly number[],
  streams: readonly CrossedStream[],
): Computed<PairedStreams> {
  const of = (u: readonly number[], v: readonly number[]) => products(u, v, streams).components;
  const floor = noiseFloor(baseline, challenger);
  const [a, b] = [settled(baseline, floor), settled(challenger, floor)];
  const covariances = of(a, b);
  const variance = sum([...Object.values(of(a, a)), ...Object.values(of(b, b))]);
  if (!(variance > floor ** 2)) return notComputable('neither variant varies');
  const saves = Object.fromEntries(
    Object.entries(covariances).map(([source, own]) => [source, (2 * own) / variance]),
  );
  return computed({ covariances, saves, total: sum(Object.values(saves)) });
}

/** Mean squares and components of two values' products; of their squares where the two are one. */
function products(
  u: readonly number[],
  v: readonly number[],
  streams: readonly CrossedStream[],
): { meanSquares: BySource; components: BySource; restDf: number } {
  const levels = Math.sqrt(u.length);
  const cells = latinSquare(levels);
  const [meanU, meanV] = [mean(u), mean(v)];
  const effects = (values: readonly number[], center: number, stream: CrossedStream) =>
    Array.from({ length: levels }, (_, level) => {
      const own = values.filter((_value, cell) => cells[cell]![stream] === level);
      return mean(own) - center;
    });
  const sums = streams.map((stream) => {
    const [left, right] = [effects(u, meanU, stream), effects(v, meanV, stream)];
    return levels * sum(left.map((effect, level) => effect * right[level]!));
  });
  const total = sum(u.map((value, cell) => (value - meanU) * (v[cell]! - meanV)));
  const restDf = u.length - 1 - streams.length * (levels - 1);
  const rest = (total - sum(sums)) / restDf;
  const squares = streams.map((stream, i) => [stream, sums[i]! / (levels - 1)] as const);
  return {
    meanSquares: { ...Object.fromEntries(squares), rest },
    components: {
      ...Object.fromEntries(squares.map(([stream, own]) => [stream, (own - rest) / levels])),
      rest,
    },
    restDf,
  };
}
