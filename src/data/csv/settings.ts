import { z } from 'zod';
import { list, map, oneOf, text, whole } from '../../schema/fields.js';
import type { Resolved } from '../../schema/fields.js';

const column = text().describe('Name of a column.');
const columns = list(column).superRefine((names, context) => {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    const message = `expected every column once, got ${name} twice`;
    context.addIssue({ code: 'custom', path: [index], message });
  }
});
const part = 'a number above 0 and below 1';

/** What a configuration says of CSV files, under `data.csv`. */
export const csvSettings = map({
  target: z
    .union([text(), columns], { error: 'the name of a column, or a list of them' })
    .describe(
      'The column to predict. One of words (or listed in `categorical`) holds classes, which are numbered in sorted order; one of numbers holds them as they are. A list of columns gives several numbers.',
    ),
  features: columns
    .optional()
    .describe('The columns to predict it from. Default: all others, in the order of the file.'),
  categorical: columns
    .optional()
    .describe(
      'Columns of categories: each category of a feature becomes an input of its own, 1 where an example has it and 0 elsewhere.',
    ),
  missing: oneOf(['refuse', 'mean', 'median', 'mostFrequent'])
    .default('refuse')
    .describe(
      'What stands in for the missing features (nothing, `?`, `NA`, `N/A`, `NaN` or `null`): none, which refuses them, or a statistic of the column over the training split; for categories always the most frequent one.',
    ),
  test: map({
    fraction: z
      .number({ error: part })
      .gt(0, { error: part })
      .lt(1, { error: part })
      .optional()
      .describe('How many of the rows, a random choice with the same share of every class.'),
    seed: whole(0).default(0).describe('Of that choice, which is the same for all trials.'),
    column: text().optional().describe('A column that says `train` or `test` (or 0 or 1).'),
  })
    .superRefine(({ fraction, column: name }, context) => {
      if ((fraction === undefined) !== (name === undefined)) return;
      const message = `expected either a fraction or a column, got ${name === undefined ? 'neither' : 'both'}`;
      context.addIssue({ code: 'custom', path: [], message });
    })
    .optional()
    .describe(
      'Which rows of one file are the test split. Default: those of test.csv, if there is one.',
    ),
  delimiter: z
    .string({ error: 'one character' })
    .length(1, { error: 'one character' })
    .default(',')
    .describe('What separates the fields of a line.'),
}).describe('What the columns of CSV files are.');

export type CsvSettings = Resolved<typeof csvSettings>;
