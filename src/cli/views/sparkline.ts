const bars = '▁▂▃▄▅▆▇█';

/**
 * A bar a value, on a logarithmic scale from `low` to `high`; `×` where the value is not finite.
 * @param values positive numbers, as losses are; zero is drawn lowest
 */
export function sparkline(values: readonly number[], low: number, high: number): string {
  const span = Math.log(high) - Math.log(low);
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return '×';
      // An empty or infinite span has no inside: all its values are drawn lowest.
      const height = span > 0 && value > 0 ? (Math.log(value) - Math.log(low)) / span : 0;
      return bars[Math.max(0, Math.min(bars.length - 1, Math.floor(height * bars.length)))] ?? '';
    })
    .join('');
}

/** The smallest and largest positive finite value of all series, so that they share one scale. */
export function commonScale(series: readonly (readonly number[])[]): readonly [number, number] {
  let low = Infinity;
  let high = 0;
  for (const value of series.flat()) {
    if (!(value > 0) || value === Infinity) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
