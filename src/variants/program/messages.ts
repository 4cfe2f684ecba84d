import { z } from 'zod';

/** Version of the protocol; docs/programs.md describes it. */
export const protocolVersion = 1;

const digest = z.string().regex(/^[0-9a-f]{16}$/, { error: 'an XXH64 of 16 hexadecimal digits' });
const value = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)], {
  error: 'a number, "NaN", "Infinity" or "-Infinity"',
});
const metrics = z.record(z.string(), value, { error: 'a map from metric to number' });
const whole = z.int({ error: 'a whole number' }).gte(0, { error: 'a whole number of at least 0' });

/** What a program answers, by its `event`. */
export const answers = {
  ready: z.object({
    protocol: z.literal(protocolVersion, { error: `${protocolVersion}, the protocol's version` }),
    saves: z.boolean({ error: 'true or false' }).default(false),
    parameters: whole.optional(),
  }),
  step: z.object({
    step: whole,
    metrics,
    positionsDigest: digest.optional(),
    targetsDigest: digest.optional(),
  }),
  evaluate: z.object({
    metrics,
    predictions: z.array(whole.lte(255)).optional(),
    confidences: z.array(z.number()).optional(),
  }),
  save: z.object({ step: whole }),
} as const;

export type AnswerName = keyof typeof answers;
export type Answer<Name extends AnswerName> = z.output<(typeof answers)[Name]>;

/** A line of standard output that starts like this is an answer; any other is kept as output. */
export const answerStart = Buffer.from('{"');

/**
 * The JSON of an answer. NaN and infinities may stand in it bare, as Python writes them.
 * @throws SyntaxError where it is no JSON
 */
export function parseAnswer(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    const quoted = line.replace(/([:[,]\s*)(-?Infinity|NaN)(?=\s*[,}\]])/g, '$1"$2"');
    return JSON.parse(quoted);
  }
}
