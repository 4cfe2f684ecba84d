import { z } from 'zod';
import type { Resolved } from '../schema/fields.js';
import { median } from '../statistics/moments.js';
import { formatCount } from '../text/numbers.js';

/** The end of a variant's training in one trial with early stopping. */
export interface EarlyStop {
  /** The last step that it made. */
  readonly step: number;
  /** The step of its best evaluation, whose weights are evaluated last. */
  readonly bestStep: number;
  /** Whether planned steps were left. */
  readonly early: boolean;
}

const count = z.int().gte(0);

const stepRangeSchema = z
  .strictObject({
    median: z.number().describe('The mean of the two in the middle of an even number.'),
    min: count,
    max: count,
  })
  .nullable();

/** How early stopping ended a variant's training over the seeds of one point. */
export const earlyStopsSchema = z.strictObject({
  stoppedEarly: count.describe('Trials in which it stopped before the last planned step.'),
  usedAllSteps: count.describe('Trials in which it trained to the last planned step.'),
  lastStep: stepRangeSchema.describe(
    'The last steps of those in which it stopped early; null without one.',
  ),
  bestStep: stepRangeSchema.describe(
    'The steps of its best evaluations, whose weights are evaluated last, of all these trials; null without one.',
  ),
});

export type EarlyStops = Resolved<typeof earlyStopsSchema>;
/** Steps of several trials. */
export type StepRange = NonNullable<EarlyStops['lastStep']>;

/** Each variant's; absent where no variant has ended its training under early stopping. */
export function earlyStopsOf(
  trials: readonly Readonly<Record<string, { readonly stopped?: EarlyStop | undefined }>>[],
  variants: readonly string[],
): Readonly<Record<string, EarlyStops>> | undefined {
  const entries = variants.map((name) => {
    const stops = trials.flatMap((trial) => trial[name]?.stopped ?? []);
    const early = stops.filter((stop) => stop.early);
    const summary: EarlyStops = {
      stoppedEarly: early.length,
      usedAllSteps: stops.length - early.length,
      lastStep: rangeOf(early.map(({ step }) => step)),
      bestStep: rangeOf(stops.map(({ bestStep }) => bestStep)),
    };
    return [name, summary] as const;
  });
  return entries.some(([, { bestStep }]) => bestStep !== null)
    ? Object.fromEntries(entries)
    : undefined;
}

function rangeOf(steps: readonly number[]): StepRange | null {
  if (steps.length === 0) return null;
  const [min, max] = steps.reduce(
    ([least, most], step) => [Math.min(least, step), Math.max(most, step)],
    [Infinity, 0],
  );
  return { median: median(steps), min, max };
}

/** `4 of 5`, or that the variant used all its steps. */
export function earlyText(stops: EarlyStops | undefined): string {
  if (stops === undefined || stops.bestStep === null) return '–';
  const { stoppedEarly, usedAllSteps } = stops;
  return stoppedEarly === 0
    ? 'used all steps'
    : `${stoppedEarly} of ${stoppedEarly + usedAllSteps}`;
}

/** `120 (80 to 160)`: the median with the range, where there is one. */
export function rangeText(range: StepRange | null | undefined): string {
  if (range === null || range === undefined) return '–';
  const { median: middle, min, max } = range;
  // Half a step is the most that a median of whole steps has.
  const text = `${formatCount(Math.floor(middle))}${Number.isInteger(middle) ? '' : '.5'}`;
  return min === max ? text : `${text} (${formatCount(min)} to ${formatCount(max)})`;
}
