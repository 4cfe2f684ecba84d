import type { Curve } from './trial-curves.js';

/** At most `most` of the steps, evenly spread, the first and the last among them. */
export function thinSteps(steps: readonly number[], most: number): readonly number[] {
  if (steps.length <= most) return steps;
  const last = steps.length - 1;
  return Array.from({ length: most }, (_, i) => steps[Math.round((i * last) / (most - 1))]!);
}

/**
 * The same curve with at most `2 * buckets` points: each run of neighbouring steps keeps its lowest and
 * its highest value, and so its outline. Exact, unlike a `Curve` of src/live, which is thinned while it grows.
 */
export function thinCurve({ steps, values }: Curve, buckets: number): Curve {
  if (steps.length <= 2 * buckets) return { steps, values };
  const thinned: Curve = { steps: [], values: [] };
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = Math.floor((bucket * steps.length) / buckets);
    const to = Math.floor(((bucket + 1) * steps.length) / buckets);
    let [low, high] = [from, from];
    for (let i = from; i < to; i += 1) {
      if (values[i]! < values[low]! || !Number.isFinite(values[low])) low = i;
      if (values[i]! > values[high]! || !Number.isFinite(values[high])) high = i;
    }
    for (const i of new Set([Math.min(low, high), Math.max(low, high)])) {
      thinned.steps.push(steps[i]!);
      thinned.values.push(values[i]!);
    }
  }
  return thinned;
}
