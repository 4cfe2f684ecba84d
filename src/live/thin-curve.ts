/** The most buckets of a curve: slightly more than two dots a cell on a terminal of 200 columns. */
const mostBuckets = 512;
/** Numbers of a bucket: its last step, the least, the greatest and the last value. */
const size = 4;

/**
 * A curve of any length in bounded memory: neighbouring measurements share a bucket, which keeps their
 * outline and the last value. Immutable.
 */
export interface ThinCurve {
  /** Measurements taken in. */
  readonly count: number;
  /** Measurements of a whole bucket, a power of two. */
  readonly stride: number;
  /** Whole buckets, `size` numbers each. */
  readonly whole: readonly number[];
  /** The bucket that is not whole yet, or nothing. */
  readonly open: readonly number[];
}

export const emptyCurve: ThinCurve = { count: 0, stride: 1, whole: [], open: [] };

/** The curve with one more measurement at its end. @param value NaN or infinite where it diverged */
export function extendCurve(curve: ThinCurve, step: number, value: number): ThinCurve {
  const count = curve.count + 1;
  const point = [step, value, value, value];
  const open = curve.open.length === 0 ? point : merged(curve.open, point);
  if (count % curve.stride !== 0) return { ...curve, count, open };
  const whole = [...curve.whole, ...open];
  if (whole.length <= mostBuckets * size) return { ...curve, count, whole, open: [] };
  return { count, ...halved(whole, curve.stride) };
}

/** The points to draw, ascending in x: the least and the greatest value of each bucket. */
export function curvePoints({
  whole,
  open,
}: ThinCurve): (readonly [step: number, value: number])[] {
  const points: (readonly [number, number])[] = [];
  const all = [...whole, ...open];
  for (let at = 0; at < all.length; at += size) {
    const [step, low, high] = [all[at]!, all[at + 1]!, all[at + 2]!];
    points.push([step, low]);
    if (high !== low) points.push([step, high]);
  }
  return points;
}

/** The last measurement; undefined before there is one. */
export function lastPoint({ whole, open }: ThinCurve): { step: number; value: number } | undefined {
  const bucket = open.length > 0 ? open : whole.slice(-size);
  return bucket.length === 0 ? undefined : { step: bucket[0]!, value: bucket[3]! };
}

/**
 * The measurement that is number `count`, from 1, where the curve still has it: of those before the
 * last, the multiples of the stride.
 */
export function pointAt(
  curve: ThinCurve,
  count: number,
): { step: number; value: number } | undefined {
  if (count === curve.count) return lastPoint(curve);
  if (count < 1 || count > curve.count || count % curve.stride !== 0) return undefined;
  const at = (count / curve.stride - 1) * size;
  return { step: curve.whole[at]!, value: curve.whole[at + 3]! };
}

function halved(whole: readonly number[], stride: number): Omit<ThinCurve, 'count'> {
  const kept: number[] = [];
  let at = 0;
  for (; at + 2 * size <= whole.length; at += 2 * size) {
    kept.push(...merged(whole.slice(at, at + size), whole.slice(at + size, at + 2 * size)));
  }
  return { stride: 2 * stride, whole: kept, open: whole.slice(at) };
}

/** Two buckets as one; a value that is not finite shows only where there is no other. */
function merged(first: readonly number[], second: readonly number[]): number[] {
  const [, low, high] = first;
  const [step, otherLow, otherHigh, last] = second;
  return [step!, finite(Math.min, low!, otherLow!), finite(Math.max, high!, otherHigh!), last!];
}

function finite(of: (a: number, b: number) => number, a: number, b: number): number {
  if (!Number.isFinite(a)) return b;
  return Number.isFinite(b) ? of(a, b) : a;
}
