/** The leading digits that get a tick, from the densest choice to the sparsest. */
const mantissas = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5], [1, 2, 5], [1]];
const most = 9;
const fewest = 2;

/**
 * Round values for the ticks of a logarithmic axis, ascending, two to nine of them; undefined where
 * the span is so narrow that it holds no two round values.
 * @param low positive, below `high`
 */
export function logTicks(low: number, high: number): readonly number[] | undefined {
  const first = Math.floor(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  for (const digits of mantissas) {
    const ticks = ticksOf(digits, first, last, 1).filter((tick) => tick >= low && tick <= high);
    if (ticks.length < fewest) return undefined;
    if (ticks.length <= most) return ticks;
  }
  const stride = Math.ceil((last - first + 1) / most);
  return ticksOf([1], first, last, stride).filter((tick) => tick >= low && tick <= high);
}

function ticksOf(digits: readonly number[], first: number, last: number, stride: number): number[] {
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += stride) {
    // Parsed from text, because 3 * 10 ** -1 is not 0.3.
    for (const digit of digits) ticks.push(Number(`${digit}e${exponent}`));
  }
  return ticks;
}
