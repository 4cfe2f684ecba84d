import type { ReportBand } from './report-schema.js';

/** Where a simultaneous band leaves 0, in a sentence; long runs of steps as ranges. */
export function excludesZero({
  steps,
  low,
  high,
}: Pick<ReportBand, 'steps' | 'low' | 'high'>): string {
  const ranges: [number, number][] = [];
  let open: [number, number] | undefined;
  steps.forEach((step, i) => {
    const [from, to] = [low[i] ?? null, high[i] ?? null];
    const excluded = from !== null && to !== null && (from > 0 || to < 0);
    if (!excluded) open = undefined;
    else if (open) open[1] = step;
    else ranges.push((open = [step, step]));
  });
  if (ranges.length === 0) return 'It contains 0 at every step.';
  const shown = ranges
    .slice(0, 4)
    .map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const rest = ranges.length - shown.length;
  const more = rest > 0 ? ` and ${rest} more ${rest === 1 ? 'place' : 'places'}` : '';
  const word = ranges.length === 1 && ranges[0]![0] === ranges[0]![1] ? 'step' : 'steps';
  return `It excludes 0 at ${word} ${shown.join(', ')}${more}.`;
}
