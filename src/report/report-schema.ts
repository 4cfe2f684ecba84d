import { z } from 'zod';
import { jsonText } from '../files/write-atomic.js';
import { outcomes } from '../log/constants.js';
import { outperformances } from '../statistics/outperforms.js';
import { decisions } from '../statistics/verdict.js';
import { dataSetsSchema } from './data-sets.js';
import { earlyStopsSchema } from './early-stops.js';
import { sequentialSchema } from './sequence-document.js';
import { raceSchema } from './race-document.js';
import { trialStreamsSchema } from '../run/manifest.js';
import { varianceSchema } from './variance.js';
import {
  bayesianSignedRank,
  computed,
  count,
  interval,
  maybe,
  paperSchema,
  wilcoxon,
} from './schema-parts.js';

export const reportSchemaVersion = 3;

const list = z.array(z.number());
const maybeList = z.array(maybe);

const summary = computed({ mean: z.number(), sd: maybe });
const sampleSize = computed({ pairs: count, power: z.number() });
const side = z.enum(['baseline', 'challenger', 'both']);

const comparison = z
  .strictObject({
    point: count.describe('Index into points.'),
    challenger: z.string().describe('Name of the variant held against the baseline.'),
    labels: z.strictObject({ baseline: z.string(), challenger: z.string() }),
    metric: z.string(),
    direction: z.enum(['higher', 'lower']),
    alpha: z.number(),
    margin: z.number(),
    exploratory: z.boolean(),
    pairs: z.strictObject({
      planned: count,
      completed: count,
      missing: z.array(z.strictObject({ seed: z.int(), missing: side })),
      seeds: z.array(z.int()),
      baseline: list,
      challenger: list,
      differences: list.describe('challenger - baseline, one a completed pair.'),
      noise: z.number(),
    }),
    values: z.strictObject({ baseline: summary, challenger: summary, difference: summary }),
    pairedT: computed({
      n: count,
      mean: z.number(),
      sd: z.number(),
      standardError: z.number(),
      t: z.number(),
      df: z.number(),
      p: z.number(),
      interval,
      dz: z.number(),
    }),
    correlation: computed({ r: z.number() }),
    signFlip: computed({
      n: count,
      p: z.number(),
      smallestP: z.number(),
      method: z.enum(['exact', 'monteCarlo']),
      standardError: z.number(),
    }),
    wilcoxon,
    hodgesLehmann: computed({
      estimate: z.number(),
      interval: computed({
        level: z.number(),
        low: z.number(),
        high: z.number(),
        attained: z.number(),
      }),
    }),
    signTest: z.strictObject({ positive: count, ties: count, negative: count, p: z.number() }),
    wins: count,
    ties: count,
    losses: count,
    outperforms: computed({
      p: z.number(),
      interval,
      threshold: z.number(),
      says: z.enum(outperformances),
    }).describe('P(B > A): how often the challenger is the better one; a tie counts half.'),
    equivalence: computed({
      margin: z.number(),
      pAboveLower: z.number(),
      pBelowUpper: z.number(),
      p: z.number(),
      interval,
    }),
    bayesianSignedRank,
    welch: computed({
      difference: z.number(),
      standardError: z.number(),
      t: z.number(),
      df: z.number(),
      p: z.number(),
      interval,
    }),
    pairingGain: computed({ factor: z.number(), unpairedSeeds: count }),
    pairsToDecide: z.strictObject({
      power: z.number(),
      toShowDifference: sampleSize,
      toShowEquivalence: sampleSize,
      more: count.nullable(),
    }),
    verdict: z.strictObject({
      decision: z.enum(decisions),
      because: z.string().nullable(),
      pDifference: maybe.describe('Holm-adjusted over all comparisons of the report.'),
      pEquivalence: maybe,
      comparisons: count,
      provisional: z.boolean(),
      sentence: z.string(),
    }),
    sequential: sequentialSchema.optional(),
  })
  .describe('One challenger against the baseline at one point; the unit is the pair of one seed.');

const band = computed({
  steps: list,
  level: z.number(),
  seeds: count,
  mean: maybeList,
  low: maybeList,
  high: maybeList,
  criticalValue: z.number(),
  method: z.enum(['signFlip', 'bonferroni']),
});

const curves = z
  .strictObject({
    point: count,
    quantity: z.string().describe('What was measured, for instance minibatch.loss.'),
    scale: z.enum(['log', 'linear']),
    direction: z
      .enum(['higher', 'lower'])
      .optional()
      .describe('Which values are better; absent from reports of earlier versions.'),
    variants: z.array(
      z.strictObject({
        variant: z.string(),
        seeds: z.array(z.strictObject({ seed: z.int(), steps: list, values: maybeList })),
        steps: list,
        mean: maybeList.describe('Over completed trials; the geometric mean on a log scale.'),
        low: maybeList.describe('Ends of the pointwise interval of the mean at 1 - alpha.'),
        high: maybeList,
      }),
    ),
    differences: z.array(z.strictObject({ challenger: z.string(), band })),
  })
  .describe('Curves over steps, thinned to what a figure can show.');

const votes = z.strictObject({
  right: count.describe('In how many seeds the variant was right.'),
  classes: z.array(z.strictObject({ class: count, seeds: count })),
});

const predictions = z
  .strictObject({
    point: count,
    baseline: z.string(),
    challenger: z.string(),
    examples: count,
    seeds: z.array(
      z.strictObject({
        seed: z.int(),
        test: z
          .strictObject({
            examples: count,
            bothRight: count,
            onlyBaselineRight: count,
            onlyChallengerRight: count,
            bothWrong: count,
            p: z.number(),
          })
          .describe("McNemar's exact test."),
      }),
    ),
    interval: computed({
      seeds: count,
      examples: count,
      mean: z.number(),
      standardError: z.number(),
      df: z.number(),
      p: z.number(),
      interval,
      variances: z.strictObject({ seeds: z.number(), examples: z.number(), rest: z.number() }),
    }).describe('Of the difference in accuracy, over seeds and examples.'),
    classNames: z
      .array(z.string())
      .optional()
      .describe('By number; absent where the data have none.'),
    classifications: z
      .array(
        z.strictObject({
          variant: z.string(),
          matrix: z
            .array(z.array(count))
            .nullable()
            .describe('Predictions by class (row) and predicted class; null beyond 25 classes.'),
          confusions: z
            .array(z.strictObject({ class: count, predicted: count, count }))
            .describe('The most frequent confusions of two classes.'),
          calibration: z
            .array(
              z.strictObject({
                from: z.number(),
                to: z.number().describe('Of the bin; inside it.'),
                count,
                confidence: z.number().describe('Mean probability of the predicted classes.'),
                accuracy: z.number().describe('Share of the predictions that are right.'),
              }),
            )
            .nullable()
            .describe('By probability; null where the probabilities were not kept.'),
        }),
      )
      .describe('Of the baseline and the challenger, all seeds together.'),
    disagreements: z.array(
      z.strictObject({
        example: count.describe('Position in the test split, from 0.'),
        label: count,
        seeds: count.describe('In how many seeds the two predictions differ.'),
        baseline: votes,
        challenger: votes,
        image: z
          .string()
          .optional()
          .describe('A data URI; absent where the inputs are no picture.'),
        alt: z.string(),
      }),
    ),
  })
  .describe('One challenger against the baseline on the predicted test examples.');

/** The content of `report.json`; `docs/report.schema.json` is generated from this. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(reportSchemaVersion),
  madeBy: z
    .strictObject({ version: z.string(), commit: z.string().optional() })
    .describe(
      'The Lockstep that wrote the report, which may be another than the one that trained.',
    ),
  run: z.strictObject({
    runId: z.string(),
    name: z.string(),
    createdAt: z.string(),
    engine: z.string().optional().describe('Absent where the run was imported.'),
    importedFrom: z
      .string()
      .optional()
      .describe('Where results that were made elsewhere come from.'),
    configHash: z.string(),
  }),
  decision: z.strictObject({
    metric: z.string().describe('What this report is about.'),
    registered: z.string().describe('The metric fixed before the run.'),
    exploratory: z
      .boolean()
      .describe('True when the two differ, or seeds were added after looking.'),
    direction: z.enum(['higher', 'lower']),
    alpha: z.number(),
    margin: z.number(),
    plannedPairs: count,
  }),
  headline: z.strictObject({
    decision: z
      .enum([...decisions, 'mixed', 'none'])
      .describe('`none`: a decomposition of variance, which has no verdict.'),
    sentence: z.string(),
    provisional: z.boolean(),
  }),
  notes: z
    .array(z.string())
    .describe('What a reader must know of how the run came about, for instance a forced resume.'),
  baseline: z.string(),
  variants: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string(),
      parameters: count
        .nullable()
        .describe('Trainable parameters; null before any trial ended, and where points differ.'),
    }),
  ),
  points: z.array(
    z.strictObject({
      label: z.string(),
      values: z.record(z.string(), z.unknown()),
      steps: count.describe('Planned; of an imported run the last that is known.'),
      batchSize: count.optional().describe('Absent where the run was imported.'),
    }),
  ),
  comparisons: z.array(comparison),
  trials: z.array(
    z.strictObject({
      index: count,
      point: count,
      seed: z.int(),
      streams: trialStreamsSchema.optional().describe('Seeds of its streams, where they differ.'),
      state: z.enum([...outcomes, 'unfinished', 'planned', 'dropped']),
      reason: z.string().nullable(),
      steps: count,
      diverged: z.array(z.string()).describe('The variants that diverged; the others trained on.'),
      values: z.record(z.string(), maybe).describe('The metric by variant; null: none.'),
    }),
  ),
  variance: varianceSchema.optional(),
  race: raceSchema.optional().describe('Only of a race: its looks and drops.'),
  earlyStopping: z
    .array(
      earlyStopsSchema.extend({ point: count.describe('Index into points.'), variant: z.string() }),
    )
    .optional()
    .describe('By point and variant; absent without early stopping.'),
  dataSets: dataSetsSchema.optional(),
  paper: paperSchema,
  curves: z.array(curves),
  predictions: z.array(predictions).describe('Empty unless the trials kept their predictions.'),
  config: z.strictObject({
    parents: z
      .array(
        z.strictObject({
          source: z.string(),
          path: z.string(),
          before: z.string().nullable(),
          after: z.string(),
        }),
      )
      .describe('What each file changes of those it extends, and flags of all of them.'),
    differences: z
      .array(
        z.strictObject({
          path: z.string(),
          values: z.record(z.string(), z.array(z.string().nullable())),
        }),
      )
      .describe('Settings in which variants differ: by variant, each value that some point has.'),
    settings: z
      .array(
        z.strictObject({
          path: z.string(),
          values: z.array(z.string().nullable()),
          default: z.string().nullable(),
        }),
      )
      .describe('Settings that are not defaults at some point: each value that some point has.'),
    yaml: z.string(),
  }),
  provenance: z.array(z.strictObject({ name: z.string(), value: z.string() })),
});

type DeepReadonly<T> = T extends readonly unknown[] | object
  ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
  : T;

export type ReportDocument = DeepReadonly<z.output<typeof reportSchema>>;
export type ReportMaker = ReportDocument['madeBy'];
export type ReportComparison = ReportDocument['comparisons'][number];
export type ReportCurves = ReportDocument['curves'][number];
export type ReportBand = Extract<
  ReportCurves['differences'][number]['band'],
  { readonly computable: true }
>;
export type ReportEarlyStops = NonNullable<ReportDocument['earlyStopping']>[number];
export type ReportPredictions = ReportDocument['predictions'][number];

export type ReportDataSets = NonNullable<ReportDocument['dataSets']>;

/** What one variant predicts. */
export type ReportClassification = ReportPredictions['classifications'][number];

/** The JSON Schema (draft 2020-12) of `report.json`. */
export function reportJsonSchema(): object {
  return { title: 'Lockstep report', ...z.toJSONSchema(reportSchema) };
}

/** `report.json`: indented, but lists of numbers on one line each, or curves would fill pages. */
export function reportJson(report: ReportDocument): string {
  return jsonText(report).replaceAll(
    /\[\s+((?:-?[\d.]+(?:e[+-]?\d+)?|null)(?:,\s+(?:-?[\d.]+(?:e[+-]?\d+)?|null))*)\s+\]/g,
    (_, items: string) => `[${items.replaceAll(/,\s+/g, ', ')}]`,
  );
}
