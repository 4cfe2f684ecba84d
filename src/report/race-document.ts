import { z } from 'zod';
import type { Run } from '../run/read-run.js';
import { isOver, raceOf } from '../run/race.js';
import type { Resolved } from '../schema/fields.js';
import { mean } from '../statistics/moments.js';
import { dropReason } from './race-text.js';
import { count } from './schema-parts.js';
import { sweepPoints } from './sweep-points.js';

const point = count.describe('Index into points.');

const lookSchema = z.strictObject({
  seeds: count.describe('Values that every point has by then.'),
  points: z.array(count).describe('Those compared: indices into points.'),
  means: z.array(z.number()).describe('Over these seeds, in the same order.'),
  leader: point,
  pooledSd: z.number().describe('Root of the residual mean square of the points x seeds table.'),
  df: count,
  tCritical: z.number(),
  bound: z.number().describe("How far behind the leader a point may be, in the metric's unit."),
  dropped: z.array(count),
});

export const raceSchema = z.strictObject({
  of: z
    .union([z.strictObject({ variant: z.string() }), z.strictObject({ challenger: z.string() })])
    .describe("A variant's own metric, or a challenger's paired difference from the baseline."),
  metric: z.string(),
  direction: z.enum(['higher', 'lower']),
  alpha: z.number().describe('Chance of dropping the best point, over all looks, at most.'),
  seeds: count.describe('The length of the race.'),
  over: z.boolean().describe('Whether the survivors have run all seeds, or there are none.'),
  trials: z.strictObject({
    run: count.describe('Trials that the race rests on.'),
    most: count.describe('What it takes if no point is dropped.'),
  }),
  looks: z.array(lookSchema),
  drops: z
    .array(
      z.strictObject({
        point,
        seeds: count.describe('How many it ran.'),
        reason: z.enum(['behind', 'diverged', 'failed', 'no value']),
        because: z.string().describe('A clause.'),
      }),
    )
    .describe('In the order in which they happened.'),
  survivors: z
    .array(z.strictObject({ point, seeds: count, mean: z.number().nullable() }))
    .describe('Points that are not dropped, with their means over the seeds they have run.'),
});

/** A race as reports and `--json` have it. */
export type RaceDocument = Resolved<typeof raceSchema>;

/** The race of a run as data; undefined if its sweep is none. */
export function raceDocument({ manifest, trials }: Run): RaceDocument | undefined {
  const race = raceOf(manifest, (index) => trials[index]);
  if (race === undefined) return undefined;
  const { plan, looks, drops, survivors, values } = race;
  const labels = sweepPoints(manifest).map(({ label }) => label);
  const ran = survivors.map((point) => {
    const own = values[point]!.filter((value) => typeof value === 'number');
    return { point, seeds: own.length, mean: own.length > 0 ? mean(own) : null };
  });
  return {
    of: plan.of,
    metric: plan.metric.name,
    direction: plan.direction,
    alpha: plan.alpha,
    seeds: plan.seeds,
    over: isOver(race),
    trials: {
      run: [...drops, ...ran].reduce((sum, { seeds }) => sum + seeds, 0),
      most: values.length * plan.seeds,
    },
    looks,
    drops: drops.map((drop) => {
      const reason = race.reasonOf(drop);
      const because = dropReason({ ...drop, reason }, plan.metric.name, labels);
      return { point: drop.point, seeds: drop.seeds, reason, because };
    }),
    survivors: ran,
  };
}
