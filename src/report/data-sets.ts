import { z } from 'zod';
import type { Config } from '../config/schema.js';
import { valueOf } from '../run/final-values.js';
import type { FinalMetric } from '../run/final-values.js';
import type { Run } from '../run/read-run.js';
import { bayesianSignedRank } from '../statistics/bayesian-signed-rank.js';
import { holm } from '../statistics/compare-family.js';
import { notComputable } from '../statistics/computable.js';
import type { Computed } from '../statistics/computable.js';
import { mean } from '../statistics/moments.js';
import { alignPairs } from '../statistics/pairs.js';
import { rankDataSets } from '../statistics/rank-data-sets.js';
import type { RankTest } from '../statistics/rank-data-sets.js';
import { countWins } from '../statistics/sign-tests.js';
import { wilcoxon } from '../statistics/signed-rank.js';
import * as parts from './schema-parts.js';
import { sweptTexts } from './sweep-points.js';
import type { SweepPoint, SweptTexts } from './sweep-points.js';

const { computed, count } = parts;
const byVariant = z.record(z.string(), z.number());
const p = z.number();

/** `dataSets` of a report. */
export const dataSetsSchema = z
  .strictObject({
    sets: z.array(
      z.strictObject({
        point: count.describe('Index into points.'),
        name: z.string(),
        seeds: count.describe('Those that every variant trained to the end.'),
        means: byVariant.describe('Of the metric over these seeds; empty without any.'),
        ranks: byVariant.describe('1 is the best; ties share their mean. Empty without means.'),
      }),
    ),
    ranking: computed({
      n: count.describe('Data sets ranked.'),
      meanRanks: byVariant,
      friedman: computed({ chiSquared: z.number(), df: count, p }),
      imanDavenport: computed({ f: z.number(), df1: count, df2: count, p }),
      criticalDifference: z.number().describe("Nemenyi's, at alpha."),
      groups: z
        .array(z.array(z.string()))
        .describe('Variants whose mean ranks lie within the critical difference.'),
      againstBaseline: z.array(
        z.strictObject({
          challenger: z.string(),
          difference: z.number().describe('Of the mean ranks; below 0: ahead of the baseline.'),
          z: z.number(),
          p,
          pHolm: p.describe('Adjusted over the challengers.'),
          wins: count.describe('Data sets on which it has the better mean.'),
          ties: count,
          losses: count,
          wilcoxon: parts.wilcoxon.describe('Of the differences of the means.'),
          wilcoxonHolm: parts.maybe,
          bayesianSignedRank: parts.bayesianSignedRank,
        }),
      ),
    }),
  })
  .describe('The variants over several data sets (Demšar 2006): the unit is the data set.');

type DataSets = z.output<typeof dataSetsSchema>;
type Ranking = Extract<DataSets['ranking'], { computable: true }>;

export interface DataSetsInput {
  readonly run: Run;
  readonly points: readonly SweepPoint[];
  /** The configuration of each point. */
  readonly configs: readonly Config[];
  readonly metric: FinalMetric;
  /** 0 for another metric than the registered one. */
  readonly margin: number;
}

/**
 * Whether a sweep is one over data sets: its points differ in `data` only, and each has a folder of its own.
 * Otherwise the same data would count several times, or another setting's effect as that of the data.
 */
export function variesDataOnly(
  points: readonly Pick<SweepPoint, 'values'>[],
  configs: readonly Pick<Config, 'data'>[],
): boolean {
  const paths = points.flatMap(({ values }) => Object.keys(values));
  const folders = new Set(configs.map(({ data }) => data.path ?? data.dataset));
  return (
    points.length > 1 &&
    paths.every((path) => /^data(\.|$)/.test(path)) &&
    folders.size === points.length
  );
}

/** The ranks of the variants over the data sets of a sweep; undefined for any other run. */
export function rankedDataSets(input: DataSetsInput): DataSets | undefined {
  const { run, points, configs, metric } = input;
  // A race runs few seeds of the data sets that it drops.
  const races = run.manifest.config.sweep?.method === 'race';
  if (races || !variesDataOnly(points, configs)) return undefined;
  const { baseline, variants } = run.manifest.config;
  const names = Object.keys(variants);
  if (names.length < 2) return undefined;
  const textOf = sweptTexts(points.map(({ values }) => values));
  const measured = points.map(({ trials }, point) => {
    const rows = trials
      .map(({ index }) => names.map((v) => valueOf(run.trials[index], v, { metric, baseline })))
      .filter((row): row is number[] => row.every((value) => value !== null));
    const means = rows.length === 0 ? [] : names.map((_, j) => mean(rows.map((row) => row[j]!)));
    return { point, name: nameOf(points[point]!, textOf), seeds: rows.length, means };
  });
  const values = measured.flatMap(({ means }) => (means.length === 0 ? [] : [means]));
  const named = (list: readonly number[]) =>
    Object.fromEntries(list.map((value, j) => [names[j]!, value]));
  const options = {
    direction: metric.direction,
    baseline: names.indexOf(baseline),
    alpha: run.manifest.config.decision.alpha,
  };
  const ranked = values.length < 2 ? undefined : rankDataSets(values, options);
  let next = 0;
  const sets = measured.map(({ means, ...set }) => {
    const ranks = means.length === 0 ? [] : (ranked?.ranks[next++] ?? []);
    return { ...set, means: named(means), ranks: named(ranks) };
  });
  if (!ranked) {
    const because = `ranks need results of at least 2 data sets, and there are ${values.length}`;
    return { sets, ranking: notComputable(because) };
  }
  const againstBaseline = challengersOf(input, ranked.againstBaseline, { names, values });
  return {
    sets,
    ranking: {
      computable: true,
      n: values.length,
      meanRanks: named(ranked.meanRanks),
      friedman: ranked.friedman,
      imanDavenport: ranked.imanDavenport,
      criticalDifference: ranked.criticalDifference,
      groups: ranked.groups.map((group) => group.map((j) => names[j]!)),
      againstBaseline,
    },
  };
}

/** The tests of each challenger against the baseline, a data set as a pair. */
function challengersOf(
  { run, metric, margin }: DataSetsInput,
  tests: readonly RankTest[],
  { names, values }: { names: readonly string[]; values: readonly (readonly number[])[] },
): Ranking['againstBaseline'] {
  const { direction } = metric;
  const baseline = names.indexOf(run.manifest.config.baseline);
  const compared = tests.map((test) => {
    const { differences, noise } = alignPairs({
      seeds: values.map((_, set) => set),
      baseline: values.map((row) => row[baseline]!),
      challenger: values.map((row) => row[test.variant]!),
    });
    return { test, differences, noise, signedRank: wilcoxon(differences) };
  });
  const adjusted = holm(compared.map(({ signedRank }) => pOf(signedRank)));
  return compared.map(({ test, differences, noise, signedRank }, i) => ({
    challenger: names[test.variant]!,
    difference: test.difference,
    z: test.z,
    p: test.p,
    pHolm: test.pHolm,
    ...countWins(differences, direction),
    wilcoxon: signedRank,
    wilcoxonHolm: adjusted[i]!,
    bayesianSignedRank: bayesianSignedRank(differences, { rope: margin, direction, noise }),
  }));
}

function pOf(test: Computed<{ readonly p: number }>): number | null {
  return test.computable ? test.p : null;
}

/** What names its folder, without the other settings of the data. */
function nameOf({ label, values }: SweepPoint, textOf: SweptTexts): string {
  const path = ['data.path', 'data.dataset'].find((key) => key in values);
  return path === undefined ? label : textOf(path, values[path]);
}
