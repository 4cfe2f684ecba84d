import { z } from 'zod';
import type { Run } from '../run/read-run.js';
import { sequencePlan } from '../run/sequence.js';
import type { Resolved } from '../schema/fields.js';
import { sequentialMethods } from '../statistics/sequential-path.js';
import { decisions } from '../statistics/verdict.js';
import { compareRun } from './compare-run.js';
import { metricNamed } from './metric.js';
import { sweepPoints } from './sweep-points.js';

const count = z.int().gte(0);
const maybe = z.number().nullable();
const ends = z.strictObject({ low: z.number(), high: z.number() });

const lookSchema = z.strictObject({
  n: count.describe('Pairs so far.'),
  mean: z.number().describe('Of challenger - baseline.'),
  interval: ends
    .nullable()
    .describe('Of the mean, at all looks together; null where it is not bounded.'),
  claim: z
    .enum(['higher', 'lower', 'equivalent'])
    .nullable()
    .describe('What the looks so far show of the mean: above or below 0, or within the margin.'),
  test: z
    .strictObject({
      spent: z.number().describe('Of alpha, up to this look.'),
      t: maybe.describe('Null where all differences are equal.'),
      tCritical: z.number(),
      flipP: z.number().describe('Of the sequential sign-flip test; crossed at `spent` or below.'),
      margin: z
        .strictObject({
          tCritical: z.number(),
          flipPAboveLower: z.number(),
          flipPBelowUpper: z.number(),
          aboveLower: z.boolean(),
          belowUpper: z.boolean(),
          interval: ends.nullable(),
        })
        .optional()
        .describe('The one-sided tests against the margin; absent without one.'),
    })
    .optional()
    .describe('Of a plan with a cap.'),
  logE: z.number().optional().describe('Natural logarithm of the evidence, without a cap.'),
});

/** How one comparison was decided in sequence. */
export const sequentialSchema = z
  .strictObject({
    method: z.enum(sequentialMethods),
    cap: count.describe('The most pairs.'),
    every: count.describe('Pairs from one look to the next.'),
    alpha: z.number().describe("This comparison's share."),
    comparisons: count,
    looks: z.array(lookSchema).describe('Up to the one that stopped it.'),
    boundary: z
      .array(z.strictObject({ n: count, tCritical: z.number() }))
      .describe('At all planned looks; empty without a cap.'),
    stoppedAt: count.nullable().describe('Pairs at the stop; null where none stopped it.'),
    interim: z.boolean().describe('Neither stopped nor at its end.'),
    unused: count.describe('Pairs that were run ahead and were not needed.'),
    interval: z
      .strictObject({ level: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .describe('Of the mean at the last look.'),
  })
  .describe('Only of a run that was decided in sequence.');

export const sequenceSchema = z
  .array(
    z.strictObject({
      challenger: z.string(),
      decision: z.enum(decisions),
      sentence: z.string(),
      sequential: sequentialSchema,
    }),
  )
  .describe('By challenger.');

/** The verdicts of a run that is decided in sequence, as `--json` has them. */
export type SequenceDocument = Resolved<typeof sequenceSchema>;

/** @returns undefined for a run without a plan of looks */
export function sequenceDocument(run: Run): SequenceDocument | undefined {
  const { manifest } = run;
  if (sequencePlan(manifest) === undefined) return undefined;
  const metric = metricNamed(manifest.config.decision.metric, manifest);
  return compareRun(run, sweepPoints(manifest), metric).flatMap(({ challenger, result }) => {
    const { verdict, sequential } = result;
    const { decision, sentence } = verdict;
    return sequential === undefined ? [] : [{ challenger, decision, sentence, sequential }];
  });
}
