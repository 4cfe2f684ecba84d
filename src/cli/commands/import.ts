import { relative, resolve } from 'node:path';
import { importRun } from '../../app/import-run.js';
import type { ImportedMetric } from '../../app/import-run.js';
import { runName as runNameSchema } from '../../config/schema/names.js';
import { jsonText } from '../../files/write-atomic.js';
import { importFormatNames } from '../../import/formats/index.js';
import { directions } from '../../metrics/metric.js';
import { LockstepError } from '../../protocol/index.js';
import { nonNegative, orList, significanceLevel } from '../../schema/fields.js';
import { seedsOf } from '../../run/manifest.js';
import { count } from '../../text/numbers.js';
import { cleanLines } from '../../text/text.js';
import { defineCommand } from '../command.js';
import { oneOf, parsed, text, texts, wholeNumber } from '../flags.js';
import { json } from '../options.js';

export const importCommand = defineCommand({
  name: 'import',
  describe: 'Make a run of results that were made elsewhere, so that they can be compared',
  positionals: {
    source: text('A CSV file, or a folder with the files of several runs', { required: true }),
  },
  flags: {
    metric: text('What the verdict is about: a column, or a tag of TensorBoard', {
      required: true,
    }),
    direction: oneOf('Which values of the metric are better', directions, { required: true }),
    also: {
      ...texts('Another metric to keep, with its direction: val_loss=lower; may be repeated'),
      read: (all: readonly string[], name: string) => all.map((one) => readMetric(one, name)),
    },
    baseline: text('The variant the others are compared with (default: the first)'),
    alpha: parsed('Significance level of the tests and intervals', number(significanceLevel()), {
      default: '0.05',
    }),
    margin: parsed(
      "Differences up to this count as equivalent, in the metric's unit",
      number(nonNegative()),
      { default: '0' },
    ),
    pairs: parsed(
      'Planned number of pairs; before that many a verdict is provisional',
      wholeNumber(2),
    ),
    from: oneOf('Who wrote it (default: recognized)', importFormatNames),
    'variant-column': text('Column with the variant (default: variant)'),
    'seed-column': text('Column with the seed (default: seed)'),
    'step-column': text('Column with the step (default: step, where there is one)'),
    'point-columns': {
      ...text('Columns that make sweep points, separated by commas'),
      read: ([names]: readonly string[]) => names?.split(',').map((name) => name.trim()) ?? [],
    },
    'run-name': text('How names of runs read, for instance "{variant}-seed{seed}"'),
    delimiter: parsed('What separates the fields of a CSV file', oneCharacter, { default: ',' }),
    name: parsed('Name of the run (default: that of the source)', runName),
    out: text('Folder to make the run in', { default: 'runs' }),
    json,
  },
  async run(values, context) {
    const { cwd, stdout } = context;
    const { metric, direction, from, json: asJson } = values;
    const { runFolder, manifest } = await importRun(
      {
        ...values,
        format: from,
        mapping: values,
        metric: { name: metric, better: direction },
      },
      context,
    );
    const { config, source, trials } = manifest;
    const folder = relative(cwd, resolve(cwd, runFolder));
    const variants = Object.keys(config.variants);
    const seeds = seedsOf(manifest);
    if (asJson) {
      const { baseline, metrics, decision } = config;
      stdout.write(
        jsonText({
          schemaVersion: 1,
          run: { id: manifest.runId, name: config.name, folder, trials: trials.length },
          source: { format: source.format, path: source.path },
          ...{ baseline, variants, metrics, decision, seeds },
        }),
      );
      return 0;
    }
    const points = trials.length / seeds.length;
    const of = points > 1 ? ` at ${count(points, 'point')}` : '';
    stdout.write(
      cleanLines(
        `imported ${variants.join(', ')} with ${count(seeds.length, 'seed')}${of} from ${source.path} (${source.format})\nrun  ${folder}\n`,
      ),
    );
    return 0;
  },
});

/** @throws LockstepError `usage` for another form than `name=direction` */
function readMetric(text: string, flag: string): ImportedMetric {
  const at = text.lastIndexOf('=');
  const better = directions.find((direction) => direction === text.slice(at + 1));
  if (at > 0 && better !== undefined) return { name: text.slice(0, at), better };
  throw new LockstepError(
    'usage',
    `${flag}: expected a metric and its direction, such as val_loss=lower, got ${text}`,
    { hint: `Directions are ${orList(directions)}.` },
  );
}

/** Reads a number by a schema whose error says what is expected. */
function number(schema: ReturnType<typeof nonNegative>) {
  return (text: string, flag: string): number => {
    const read = schema.safeParse(text.trim() === '' ? NaN : Number(text));
    if (read.success) return read.data;
    const { message } = read.error.issues[0]!;
    const expected = message.startsWith('expected') ? message : `expected ${message}, got ${text}`;
    throw new LockstepError('usage', `${flag}: ${expected}`);
  };
}

function oneCharacter(text: string, flag: string): string {
  const read = text === '\\t' ? '\t' : text;
  if (read.length === 1) return read;
  throw new LockstepError('usage', `${flag}: expected one character, or \\t, got ${text}`);
}

function runName(text: string, flag: string): string {
  const read = runNameSchema.safeParse(text);
  if (read.success) return read.data;
  throw new LockstepError(
    'usage',
    `${flag}: expected ${read.error.issues[0]!.message}, got ${text}`,
  );
}
