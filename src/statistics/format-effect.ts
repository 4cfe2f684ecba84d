import { importedName, metricOfQuantity } from '../metrics/registry.js';
import { signed } from '../text/numbers.js';

/** How people write a metric's numbers. */
export interface EffectUnit {
  /** The factor that values are multiplied by before they are shown. */
  readonly factor: number;
  /** For instance `points of test accuracy` or `of test loss`. */
  readonly phrase: string;
  /** For instance `test accuracy`. */
  readonly metric: string;
  /** Follows the name of an axis or a column: `, %` and `, points`, or nothing. */
  readonly values: string;
  readonly differences: string;
  /** How many significant digits differences have at least, whatever their uncertainty. */
  readonly digits: number;
}

/** Fractions are shown in percentage points; other metrics as they are. */
export function effectUnit(metric: string): EffectUnit {
  const words = importedName(metric) ?? metric.replaceAll('.', ' ');
  return metricOfQuantity(metric).unit === 'fraction'
    ? {
        factor: 100,
        phrase: `points of ${words}`,
        metric: words,
        values: ', %',
        differences: ', points',
        digits: 1,
      }
    : {
        factor: 1,
        phrase: `of ${words}`,
        metric: words,
        values: '',
        differences: '',
        digits: 3,
      };
}

/** A margin with its unit: `0.5 points of test accuracy`, `1 point of test accuracy`, `0.01 of test loss`. */
export function formatMargin(margin: number, metric: string): string {
  const { factor, phrase } = effectUnit(metric);
  const value = formatExact(margin * factor);
  return `${value} ${value === '1' ? phrase.replace(/^points\b/, 'point') : phrase}`;
}

/** Values smaller than this share of their uncertainty may read 0: more decimals would say nothing. */
const negligible = 1e-3;

/**
 * Numbers with as many decimals as their uncertainty supports: one significant digit of
 * `uncertainty`, two if it starts with 1 or 2, and enough more that no value is shown as 0 that is
 * not, but for what is {@link negligible} (the rounding residue of differences that cancel is).
 * @param digits significant ones that the largest value has at least: one says little of a difference of 0.2
 */
export function formatterFor(
  uncertainty: number,
  values: readonly number[],
  digits = 1,
): (value: number) => string {
  const decimals = decimalsFor(uncertainty, values);
  if (decimals === undefined) return (value) => value.toPrecision(3);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const least = digits > 1 && largest > 0 ? digits - 1 - Math.floor(Math.log10(largest)) : 0;
  return fixed(Math.min(12, Math.max(decimals, least)));
}

/** A baseline's value, a challenger's, and the difference of the two. */
export type Parts = readonly [baseline: number, challenger: number, difference: number];

/**
 * Writes values and their differences so that the numbers shown add up: 19, 31 and +13 are
 * 18.8, 31.3 and +12.5. With as many decimals as {@link formatterFor} or up to two more; if that does not
 * do, with one more, and the difference is that of the values as shown.
 */
export function partsFormatter(
  uncertainty: number,
  all: readonly Parts[],
): (parts: Parts) => readonly [string, string, string] {
  const fewest = decimalsFor(uncertainty, all.flat());
  if (fewest === undefined) {
    return ([b, c, d]) => [b.toPrecision(3), c.toPrecision(3), signed(d.toPrecision(3))];
  }
  const enough = [fewest, fewest + 1, fewest + 2].find((decimals) =>
    all.every(([b, c, d]) => {
      const shown = [b, c, d].map((value) => Number(value.toFixed(decimals))) as [
        number,
        number,
        number,
      ];
      return Math.abs(shown[1] - shown[0] - shown[2]) < 0.5 * 10 ** -decimals;
    }),
  );
  const format = fixed(enough ?? fewest + 1);
  return ([b, c, d]) => {
    const [baseline, challenger] = [format(b), format(c)];
    const difference = enough === undefined ? Number(challenger) - Number(baseline) : d;
    return [baseline, challenger, signed(format(difference))];
  };
}

/** How many decimals are worth showing; undefined where a number is too large or too small for them. */
function decimalsFor(uncertainty: number, values: readonly number[]): number | undefined {
  const sizes = values.map(Math.abs).filter((size) => size > negligible * uncertainty);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const scale = uncertainty > 0 ? uncertainty : largest / 100;
  if (largest >= 1e9 || (largest > 0 && largest < 1e-4)) return undefined;
  if (!(scale > 0)) return 1;
  const exponent = Math.floor(Math.log10(scale));
  const leading = scale / 10 ** exponent;
  let decimals = Math.min(12, Math.max(0, (leading < 2.95 ? 1 : 0) - exponent));
  const shownAsZero = (size: number) => Number(size.toFixed(decimals)) === 0;
  while (decimals < 12 && sizes.some(shownAsZero)) decimals++;
  return decimals;
}

function fixed(decimals: number): (value: number) => string {
  return (value) => withoutMinusZero(value.toFixed(decimals));
}

function withoutMinusZero(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** A number as someone typed it, without the noise of binary fractions or of a change of unit. */
export function formatExact(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A p value with one significant digit when small (`2e-6`, `0.002`), at most three decimals. */
export function formatP(p: number): string {
  if (p >= 0.01) return String(Number(p.toFixed(3)));
  if (p >= 0.001) return String(Number(p.toPrecision(1)));
  return p === 0 ? 'below 1e-300' : p.toExponential(0);
}

/** 0.95 as `95%`; a level that only rounding makes certain as `more than 99.9999999999%`. */
export function formatLevel(level: number): string {
  const percent = Number((100 * level).toPrecision(12));
  return percent >= 100 ? 'more than 99.9999999999%' : `${percent}%`;
}
