/** Numbers of a bucket: its last step, the least, the greatest and the last value. */
const size = 4;

export interface Point {
  readonly step: number;
  /** NaN or infinite where a variant has diverged. */
  readonly value: number;
}

/**
 * A curve of any length in bounded memory: neighbouring measurements share a bucket, which keeps their
 * outline and the last value. Immutable.
 */
export interface Curve {
  /** Measurements taken in. */
  readonly count: number;
  /** Measurements of a whole bucket, a power of two. */
  readonly stride: number;
  /** Whole buckets, `size` numbers each. */
  readonly whole: readonly number[];
  /** The bucket that is not whole yet, or nothing. */
  readonly open: readonly number[];
  /** The most recent measurement: before the curve's end while a resumed trial repeats steps. */
  readonly latest: Point | undefined;
}

export const emptyCurve: Curve = { count: 0, stride: 1, whole: [], open: [], latest: undefined };

/**
 * The curve with one more measurement. A step that it already has changes `latest` only: a resume trains
 * steps again, with the same numbers.
 * @param mostBuckets whole buckets that the curve may have; an even number
 */
export function extendCurve(curve: Curve, latest: Point, mostBuckets: number): Curve {
  const { step, value } = latest;
  const furthest = curve.open[0] ?? curve.whole.at(-size) ?? -1;
  if (step <= furthest) return { ...curve, latest };
  const count = curve.count + 1;
  const point = [step, value, value, value];
  const open = curve.open.length === 0 ? point : merged(curve.open, point);
  if (count % curve.stride !== 0) return { ...curve, count, open, latest };
  const whole = [...curve.whole, ...open];
  if (whole.length <= mostBuckets * size) return { ...curve, count, whole, open: [], latest };
  return { count, ...halved(whole, curve.stride), latest };
}

/** The points to draw, in the order of x: the least and the greatest value of each bucket. */
export function curvePoints({ whole, open }: Curve): (readonly [step: number, value: number])[] {
  const points: (readonly [number, number])[] = [];
  const all = [...whole, ...open];
  for (let at = 0; at < all.length; at += size) {
    const [step, low, high] = [all[at]!, all[at + 1]!, all[at + 2]!];
    points.push([step, low]);
    if (high !== low) points.push([step, high]);
  }
  return points;
}

/** At most `most` values of the whole course, equally far apart; the last is the curve's last. */
export function curveCourse({ whole, open }: Curve, most: number): number[] {
  const all = [...whole, ...open];
  const buckets = all.length / size;
  const length = Math.min(buckets, Math.max(0, most));
  return Array.from({ length }, (_, at) => {
    const bucket = Math.ceil(((at + 1) * buckets) / length) - 1;
    return all[bucket * size + 3]!;
  });
}

/** The measurement of the highest step; undefined before there is one. */
export function lastPoint({ whole, open }: Curve): Point | undefined {
  const bucket = open.length > 0 ? open : whole.slice(-size);
  return bucket.length === 0 ? undefined : { step: bucket[0]!, value: bucket[3]! };
}

/**
 * Measurement number `count`, counted from 1, if the curve still has it: it keeps the last one and those
 * whose number is a multiple of the stride.
 */
export function pointAt(curve: Curve, count: number): Point | undefined {
  if (count === curve.count) return lastPoint(curve);
  if (count < 1 || count > curve.count || count % curve.stride !== 0) return undefined;
  const at = (count / curve.stride - 1) * size;
  return { step: curve.whole[at]!, value: curve.whole[at + 3]! };
}

function halved(whole: readonly number[], stride: number) {
  const kept: number[] = [];
  let at = 0;
  for (; at + 2 * size <= whole.length; at += 2 * size) {
    kept.push(...merged(whole.slice(at, at + size), whole.slice(at + size, at + 2 * size)));
  }
  return { stride: 2 * stride, whole: kept, open: whole.slice(at) };
}

/** Merges two buckets; values that are not finite count only where there are no others. */
function merged(first: readonly number[], second: readonly number[]): number[] {
  const [, low, high] = first;
  const [step, otherLow, otherHigh, last] = second;
  return [step!, finite(Math.min, low!, otherLow!), finite(Math.max, high!, otherHigh!), last!];
}

function finite(of: (a: number, b: number) => number, a: number, b: number): number {
  if (!Number.isFinite(a)) return b;
  return Number.isFinite(b) ? of(a, b) : a;
}
