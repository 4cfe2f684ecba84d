import { z } from 'zod';
import { map, positive } from '../../schema/fields.js';
import { objectiveKind } from './kind.js';

export const huber = objectiveKind({
  schema: map({
    kind: z
      .literal('huber')
      .describe('Numbers: half the square of small errors, linear in large ones (Huber 1964).'),
    delta: positive()
      .default(1)
      .describe("Size of the error at which it becomes linear, in the targets' unit."),
  }),
  targets: 'numbers',
});
