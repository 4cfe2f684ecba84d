/**
 * A number as C's `printf("%.<decimals>f")` writes it: the double's exact value, rounded to nearest
 * with ties to even; `nan`, `inf` and `-inf` for what is not finite.
 *
 * `Number.prototype.toFixed` differs on ties: it takes the larger, and an accuracy of 50/128 =
 * 0.390625 is such a tie (C: 0.39062, toFixed: 0.39063).
 *
 * @param decimals digits after the point, 1 to 20
 */
export function formatC(value: number, decimals: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  // toFixed turns to exponents from 1e21 on, where every double is an integer.
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}.${'0'.repeat(decimals)}`;
  const sign = Object.is(value, -0) ? '-' : '';
  // A tie has exactly decimals + 1 digits, and no double that is not one shows as one in 100.
  const exact = value.toFixed(100);
  const end = exact.indexOf('.') + 1 + decimals;
  const tiedToEven = /[02468]\.?$/.test(exact.slice(0, end)) && /^50*$/.test(exact.slice(end));
  return sign + (tiedToEven ? exact.slice(0, end) : value.toFixed(decimals));
}

/** How a number fills its place in a column. */
export interface NumberFormat {
  /** Characters the number takes, always. */
  readonly width: number;
  /** Digits after the point where they fit; fewer for large numbers. */
  readonly decimals: number;
  /** Show `+` before positive numbers, as differences do. */
  readonly signed?: boolean;
}

/** Mean cross-entropies. */
export const lossFormat: NumberFormat = { width: 9, decimals: 6 };
/** Fractions in [0, 1]. */
export const accuracyFormat: NumberFormat = { width: 8, decimals: 5 };
export const lossDifferenceFormat: NumberFormat = { ...lossFormat, width: 10, signed: true };
export const accuracyDifferenceFormat: NumberFormat = { ...accuracyFormat, width: 9, signed: true };

/**
 * A number right-aligned in exactly `width` characters (at least 7), so that columns stay put while
 * values change: decimals give way to large numbers, then an exponent does.
 */
export function formatNumber(value: number, { width, decimals, signed }: NumberFormat): string {
  const plus = signed === true && value > 0 ? '+' : '';
  return (plus + shorten(value, width - plus.length, decimals)).padStart(width);
}

function shorten(value: number, room: number, decimals: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  for (let digits = decimals; digits > 0; digits -= 1) {
    const text = formatC(value, digits);
    if (text.length <= room) return text;
  }
  const exponential = value.toExponential(2);
  return exponential.length <= room ? exponential : value.toExponential(0);
}

/** `0:07`, `12:03` or `1:02:03`. @param milliseconds non-negative; rounded to the second */
export function formatClock(milliseconds: number): string {
  const total = Math.max(0, Math.round(milliseconds / 1000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}

/** A length of time for people: `0.42 s`, `12.3 s`, or `2:05` from 100 s on. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  return seconds < 100 ? `${seconds.toFixed(1)} s` : formatClock(milliseconds);
}

/** An integer with thousands separated: `3,274,634`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * The noun for `n` things.
 * @param many default: the noun with an `s`
 */
export function plural(n: number, one: string, many = `${one}s`): string {
  return n === 1 ? one : many;
}

/** A number of things: `1 pair`, `2 seeds`, `100,000 pairs`. See {@link plural}. */
export function count(n: number, one: string, many?: string): string {
  return `${formatCount(n)} ${plural(n, one, many)}`;
}

/** A written number with `+` before it where it is above 0, as differences are shown. */
export function signed(text: string): string {
  return Number.parseFloat(text) > 0 ? `+${text}` : text;
}
