import { z } from 'zod';
import { valueOf } from '../run/final-values.js';
import type { FinalMetric } from '../run/final-values.js';
import type { Run } from '../run/read-run.js';
import type { RunTrial } from '../run/read-trial.js';
import { computed as withValue, notComputable } from '../statistics/computable.js';
import type { Computed } from '../statistics/computable.js';
import { decomposeStreams, pairedStreams, sources } from '../statistics/decompose-streams.js';
import { crossedStreams } from '../statistics/latin-square.js';
import { trialStreamsSchema } from '../run/manifest.js';
import { count as countText } from '../text/numbers.js';
import { pairValues } from './compare-run.js';
import { metricNamed } from './metric.js';
import { dropsUnits } from './drops-units.js';
import { computed, count, interval } from './schema-parts.js';
import { sweepPoints } from './sweep-points.js';
import type { SweepPoint } from './sweep-points.js';

const bySource = z.partialRecord(z.enum(sources), z.number());

/** `variance` of a report and of an outcome. */
export const varianceSchema = z
  .strictObject({
    metric: z.string(),
    levels: count.describe('Seeds of each stream; the trials are levels x levels cells.'),
    streams: z
      .array(z.enum(crossedStreams))
      .describe('Without dropout where no variant drops units: a two-way layout.'),
    augments: z.boolean().describe('Whether the data stream also augments.'),
    missing: z
      .array(
        z.strictObject({
          trial: count,
          streams: trialStreamsSchema,
          variants: z.array(z.string()).describe('Without a value of the metric.'),
          because: z.string(),
        }),
      )
      .describe('Cells without a value.'),
    quantities: z
      .array(
        z.strictObject({
          variant: z.string(),
          isDifference: z.boolean().describe('True: the variant - the baseline.'),
          label: z.string(),
          decomposition: computed({
            mean: z.number(),
            levels: count,
            streams: z.array(
              z.strictObject({
                stream: z.enum(crossedStreams),
                meanSquare: z.number(),
                component: z.number().describe('The estimated variance; it may be below 0.'),
                share: z.number().describe('Of all variance; components below 0 count as 0.'),
                f: z.number(),
                p: z.number(),
                ratio: interval.describe("Of the stream's variance, in units of the rest's."),
              }),
            ),
            rest: z.strictObject({
              df: count,
              meanSquare: z.number(),
              component: z.number(),
              share: z.number(),
            }),
            dominant: z
              .enum(sources)
              .nullable()
              .describe('What varies more than every other source, where the intervals say so.'),
          }),
        }),
      )
      .describe('Each variant, then each difference.'),
    pairing: z
      .array(
        z.strictObject({
          challenger: z.string(),
          label: z.string(),
          result: computed({
            covariances: bySource,
            saves: bySource.describe('2 cov(A, B) / (var A + var B), by source.'),
            total: z.number(),
          }),
        }),
      )
      .describe('What it bought that both variants have the same draws.'),
  })
  .describe('Where the variance comes from; only of `lockstep variance`, which has no verdict.');

export type ReportVariance = z.output<typeof varianceSchema>;

/** By the metric that was fixed before the run. See {@link varianceOf}. */
export function varianceOfRun(run: Run): ReportVariance | undefined {
  const { manifest } = run;
  const metric = metricNamed(manifest.config.decision.metric, manifest);
  return varianceOf(run, sweepPoints(manifest)[0]!, metric);
}

/**
 * The decomposition of a run's variance over its streams.
 * @returns undefined for a run of another kind
 */
export function varianceOf(
  run: Run,
  point: SweepPoint,
  metric: FinalMetric,
): ReportVariance | undefined {
  const { manifest, trials } = run;
  if (manifest.kind !== undefined || manifest.variance === undefined) return undefined;
  const { config } = manifest;
  const { baseline, variants, decision } = config;
  const names = Object.keys(variants);
  const labelOf = (name: string) => variants[name]!.label;
  const cells = manifest.trials.map(({ index }) => trials[index]!);
  const streams = crossedStreams.filter((stream) => stream !== 'dropout' || dropsUnits([config]));
  const valuesOf = (name: string) => cells.map((cell) => valueOf(cell, name, { metric, baseline }));
  const missing = cells.flatMap((cell) => {
    const lost = names.filter((name) => valueOf(cell, name, { metric, baseline }) === null);
    return lost.length === 0 ? [] : [missingCell(cell, lost)];
  });
  const differencesOf = (challenger: string) => {
    const pairs = pairValues(run, point, challenger, metric);
    return pairs.challenger.map((own, cell) => {
      const base = pairs.baseline[cell] ?? null;
      return own === null || base === null ? null : (pairs.differences?.[cell] ?? own - base);
    });
  };
  const options = { streams, alpha: decision.alpha };
  const challengers = names.filter((name) => name !== baseline);
  const whole = (values: readonly (number | null)[], of: readonly string[]) =>
    complete(values, missing, of);
  const decomposed = (values: readonly (number | null)[], of: readonly string[]) => {
    const found = whole(values, of);
    return found.computable ? plain(decomposeStreams(found.values, options)) : found;
  };
  return {
    metric: metric.name,
    levels: manifest.variance.levels,
    streams,
    augments: (config.training.augmentation ?? []).length > 0,
    missing,
    quantities: [
      ...names.map((variant) => ({
        ...{ variant, isDifference: false, label: labelOf(variant) },
        decomposition: decomposed(valuesOf(variant), [variant]),
      })),
      ...challengers.map((variant) => ({
        ...{ variant, isDifference: true, label: `${labelOf(variant)} - ${labelOf(baseline)}` },
        decomposition: decomposed(differencesOf(variant), [baseline, variant]),
      })),
    ],
    pairing: challengers.map((challenger) => {
      const [own, base] = [valuesOf(challenger), valuesOf(baseline)];
      const [a, b] = [whole(base, [baseline]), whole(own, [challenger])];
      const label = `${labelOf(challenger)} and ${labelOf(baseline)}`;
      if (!a.computable) return { challenger, label, result: a };
      if (!b.computable) return { challenger, label, result: b };
      return { challenger, label, result: plain(pairedStreams(a.values, b.values, streams)) };
    }),
  };
}

function missingCell(
  { trial, state, reason }: RunTrial,
  variants: string[],
): ReportVariance['missing'][number] {
  const streams = trial.streams ?? { data: trial.seed, init: trial.seed, dropout: trial.seed };
  const because = reason ?? (state === 'completed' ? 'the metric has no finite value' : state);
  return { trial: trial.index, streams: { ...streams }, variants, because };
}

/** Cells that are named. */
const mostNamed = 3;

/** The values of all cells, or which cells have none: a square with a hole has no such decomposition. */
function complete(
  values: readonly (number | null)[],
  missing: ReportVariance['missing'],
  of: readonly string[],
): Computed<{ readonly values: readonly number[] }> {
  const there = values.filter((value) => value !== null);
  if (there.length === values.length) return withValue({ values: there });
  const lost = missing.filter(({ variants }) => variants.some((name) => of.includes(name)));
  const named = lost.slice(0, mostNamed).map(({ trial, streams, because }) => {
    const { data, init, dropout } = streams;
    return `trial ${trial} (data ${data}, init ${init}, dropout ${dropout}): ${because}`;
  });
  const more = lost.length > mostNamed ? [`and ${lost.length - mostNamed} more`] : [];
  return notComputable(
    `${countText(lost.length, 'cell')} of ${values.length} without a value: ${[...named, ...more].join('; ')}`,
  );
}

/** As the schema has it: without readonly. */
function plain<Value>(value: Value): Mutable<Value> {
  return value as Mutable<Value>;
}
type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;
