import { z } from 'zod';

export const count = z.int().gte(0);
export const maybe = z.number().nullable();
export const interval = z.strictObject({ level: z.number(), low: z.number(), high: z.number() });

/** A statistic's values, or why there are none. */
export function computed<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.discriminatedUnion('computable', [
    z.strictObject({ computable: z.literal(true), ...shape }),
    z.strictObject({ computable: z.literal(false), because: z.string() }),
  ]);
}

export const wilcoxon = computed({
  n: count,
  zeros: count,
  w: z.number(),
  positiveRankSum: z.number(),
  p: z.number(),
  pGivenTies: maybe,
  method: z.enum(['exact', 'normal']),
});

export const bayesianSignedRank = computed({
  worse: z.number(),
  equivalent: z.number(),
  better: z.number(),
  rope: z.number(),
  draws: count,
}).describe('Posterior probabilities of the challenger, with the margin as ROPE.');

/** `paper` of a report. */
export const paperSchema = z
  .strictObject({
    factors: z
      .array(z.strictObject({ name: z.string(), shared: z.boolean() }))
      .describe('What a seed varies; shared: it is the same for all variants of a seed.'),
    paragraph: z.string().describe('Plain text.'),
    latex: z.string().describe('The paragraph and a table of all comparisons (booktabs).'),
  })
  .describe('What a paper says of error bars: factors, method, assumptions, n, alpha, correction.');
