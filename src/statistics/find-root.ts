/**
 * Where a function changes sign, by bisection to the last bit: also at a jump.
 * @param low where it is below 0, or 0
 * @param high where it is above 0; may be smaller than `low`
 */
export function findRoot(f: (x: number) => number, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) return middle;
    if (f(middle) > 0) high = middle;
    else low = middle;
  }
}
