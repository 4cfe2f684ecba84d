import { logTicks } from '../../report/log-ticks.js';
import type { PlotRange } from './braille-plot.js';

type Points = readonly (readonly [x: number, y: number])[];

/** The range of all points that can be drawn; undefined when there are none. */
export function rangeOf(
  curves: readonly Points[],
  scale: PlotRange['scale'],
): PlotRange | undefined {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of curves.flat()) {
    if (!Number.isFinite(y) || (scale === 'log' && y <= 0)) continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  if (low > high) return undefined;
  return { x: [left, Math.max(right, left + 1)], y: widened(low, high, scale), scale };
}

/** Values to label on the y axis, round ones where the range has any. */
export function axisTicks({ y: [low, high], scale }: PlotRange): readonly number[] {
  if (scale === 'log') return logTicks(low, high) ?? [low, high];
  const rough = (high - low) / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5].find((digit) => digit * unit >= rough) ?? 10);
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high; at += 1) ticks.push(at * step);
  return ticks;
}

/** A tick in at most 7 characters. */
export function tickText(value: number): string {
  const text = String(Number(value.toPrecision(3)));
  return text.length <= 7 ? text : value.toExponential(0);
}

/** Gives a level curve some height. */
function widened(low: number, high: number, scale: PlotRange['scale']): readonly [number, number] {
  if (low < high) return [low, high];
  if (scale === 'log') return [low / 1.1, high * 1.1];
  const room = Math.max(0.05, Math.abs(low) / 10);
  return [low - room, high + room];
}
