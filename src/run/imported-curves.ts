import { z } from 'zod';
import { readJson } from '../files/read.js';
import type { Resolved } from '../schema/fields.js';

const value = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])]);

const curvesSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** By metric, by variant; steps ascend. */
  metrics: z.record(
    z.string(),
    z.record(
      z.string(),
      z
        .strictObject({ steps: z.array(z.number()), values: z.array(value) })
        .refine(({ steps, values }) => steps.length === values.length, {
          error: 'a value for every step',
        }),
    ),
  ),
});

/** `curves.json`: what the source of an imported trial says of several steps. */
export type CurvesFile = Resolved<typeof curvesSchema>;

const curvesFile = { what: 'the curves of an imported trial', version: 1, schema: curvesSchema };

/** Undefined where the source had no steps. @throws LockstepError `data` naming the key that is wrong */
export function readCurvesFile(path: string): Promise<CurvesFile | undefined> {
  return readJson(path, curvesFile);
}
