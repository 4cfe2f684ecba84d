import type { ReadPredictionSections } from '../predictions/read-sections.js';
import { divergedVariants, valueOf } from '../run/final-values.js';
import type { Run } from '../run/read-run.js';
import type { RunManifest } from '../run/run-directory.js';
import { count, plural } from '../text/numbers.js';
import { circumstancesOf } from './circumstances.js';
import { compareRun } from './compare-run.js';
import { earlyStopsOf } from './early-stops.js';
import { divergedText, headlineOf } from './headline.js';
import { isExploratory, metricNamed } from './metric.js';
import { paperOf } from './paper.js';
import { raceDocument } from './race-document.js';
import { reportSchemaVersion } from './report-schema.js';
import type {
  ReportComparison,
  ReportDocument,
  ReportMaker,
  ReportPredictions,
} from './report-schema.js';
import { collectCurves } from './report-curves.js';
import type { ReadCurves } from './report-curves.js';
import { sweepPoints } from './sweep-points.js';
import type { SweepPoint } from './sweep-points.js';
import type { RunComparison } from './compare-run.js';
import { varianceOf } from './variance.js';
import { varianceHeadline } from './variance-text.js';

export interface ReportOptions {
  /** The Lockstep that writes the report. */
  readonly madeBy: ReportMaker;
  /** Default: the metric fixed before the run; any other makes the report exploratory. */
  readonly metric?: string | undefined;
  /** What a reader must know of how the run came about: sentences without a full stop. Default: nothing. */
  readonly notes?: readonly string[] | undefined;
  /** Called once for each point. Default: there are none. */
  readonly readPredictions?: ReadPredictionSections | undefined;
}

/**
 * Everything a report says about a run, as plain data. The same Lockstep always makes the same report of a run.
 * @param readCurves called in turn for the trials whose curves are shown
 * @throws LockstepError `usage` for a metric the run did not measure
 */
export async function buildReport(
  run: Run,
  readCurves: ReadCurves,
  { madeBy, metric: asked, readPredictions, notes = [] }: ReportOptions,
): Promise<ReportDocument> {
  const { manifest } = run;
  const { config } = manifest;
  const { decision, baseline, variants } = config;
  const metric = metricNamed(asked ?? decision.metric, manifest);
  const points = sweepPoints(manifest);
  const variance = varianceOf(run, points[0]!, metric);
  // Cells share streams: the tests of independent pairs would claim too much.
  const compared = variance ? [] : compareRun(run, points, metric);
  const comparisons = compared.map(documented);
  const race = raceDocument(run);
  const pointOf = new Map(
    points.flatMap(({ trials }, point) => trials.map(({ index }) => [index, point] as const)),
  );
  const margin = metric.name === decision.metric ? decision.margin : 0;
  const {
    dataSets,
    configs,
    notes: unverified,
    ...circumstances
  } = circumstancesOf({ run, points, metric, margin });
  const content: Omit<ReportDocument, 'paper'> = {
    schemaVersion: reportSchemaVersion,
    madeBy,
    run: {
      runId: manifest.runId,
      name: config.name,
      createdAt: manifest.createdAt,
      ...(manifest.kind === undefined
        ? { engine: manifest.engine.name }
        : { importedFrom: manifest.source.path }),
      configHash: manifest.configHash,
    },
    decision: {
      metric: metric.name,
      registered: decision.metric,
      exploratory: isExploratory(manifest, metric),
      direction: metric.direction,
      alpha: decision.alpha,
      margin,
      plannedPairs: Math.max(decision.pairs ?? 0, points[0]?.trials.length ?? 0),
    },
    headline: variance
      ? varianceHeadline(variance)
      : headlineOf(comparisons, points, {
          baseline: variants[baseline]?.label ?? baseline,
          diverged: divergences(run),
        }),
    notes: [...unverified, ...notes, ...extensionNotes(manifest)],
    baseline,
    variants: Object.entries(variants).map(([name, { label }]) => ({
      name,
      label,
      parameters: parametersOf(run, name),
    })),
    points: circumstances.points,
    comparisons,
    trials: run.trials.map((trial) => ({
      index: trial.trial.index,
      point: pointOf.get(trial.trial.index)!,
      seed: trial.trial.seed,
      ...(trial.trial.streams && { streams: trial.trial.streams }),
      state: trial.state,
      reason: trial.reason ?? null,
      steps: trial.steps,
      diverged: divergedVariants(trial),
      values: Object.fromEntries(
        Object.keys(variants).map((name) => [name, valueOf(trial, name, { metric, baseline })]),
      ),
    })),
    ...(race && { race }),
    ...(variance && { variance }),
    ...earlyStopping(run, points),
    ...(dataSets && { dataSets }),
    // Their bands and intervals, too, are those of independent pairs.
    curves: variance
      ? []
      : await collectCurves({
          run,
          points,
          shown: shownPoints(comparisons, points.length),
          readCurves,
        }),
    predictions:
      readPredictions && !variance ? await collectPredictions(points, readPredictions) : [],
    config: circumstances.config,
    provenance: circumstances.provenance,
  };
  return { ...content, paper: paperOf(content, configs) };
}

/** Trainable parameters of a variant; null before any trial ended, and where they differ. */
function parametersOf({ trials }: Run, variant: string): number | null {
  const counts = new Set(
    trials.flatMap(({ result }) => result?.variants[variant]?.parameters ?? []),
  );
  const [only] = counts;
  return counts.size === 1 ? only! : null;
}

/** By point and variant, where there is early stopping. */
function earlyStopping(
  { manifest, trials }: Run,
  points: readonly SweepPoint[],
): Pick<ReportDocument, 'earlyStopping'> {
  const variants = Object.keys(manifest.config.variants);
  const stops = points.flatMap((point, index) => {
    const ran = point.trials.map((trial) => trials[trial.index]?.result?.variants ?? {});
    return Object.entries(earlyStopsOf(ran, variants) ?? {}).map(([variant, own]) => {
      return { point: index, variant, ...own };
    });
  });
  return stops.length === 0 ? {} : { earlyStopping: stops };
}

/** Which variants diverged how often, for instance `C diverged on 2 of 6 seeds`. */
function divergences({ manifest, trials }: Run): string[] {
  const { variants, sweep } = manifest.config;
  const due = trials.filter(({ state }) => state !== 'dropped');
  return Object.entries(variants).flatMap(([name, { label }]) => {
    const times = due.filter((trial) => divergedVariants(trial).includes(name)).length;
    return times > 0 ? [divergedText(label, times, due.length, sweep ? 'trial' : 'seed')] : [];
  });
}

/** Seeds that were added once results were known: alpha holds for the first plan only. */
function extensionNotes({ extensions = [] }: RunManifest): string[] {
  return extensions.flatMap(({ time, seeds, hadResults }) =>
    hadResults
      ? [
          `${count(seeds.length, 'seed')} ${plural(seeds.length, 'was', 'were')} added after looking (${time.slice(0, 10)}): alpha holds for a decision at the first plan only, so this one is exploratory`,
        ]
      : [],
  );
}

async function collectPredictions(
  points: readonly SweepPoint[],
  read: ReadPredictionSections,
): Promise<ReportPredictions[]> {
  const collected: ReportPredictions[] = [];
  for (const [point, { trials }] of points.entries()) {
    for (const section of await read(trials)) collected.push({ point, ...section });
  }
  return collected;
}

/** Points whose curves are shown. */
export const mostPointsWithCurves = 4;

/** All points of a small sweep; of a large one those with the largest and smallest differences. */
function shownPoints(comparisons: readonly ReportComparison[], points: number): number[] {
  const [first] = comparisons;
  if (points <= mostPointsWithCurves || first === undefined) {
    return Array.from({ length: Math.min(points, mostPointsWithCurves) }, (_, point) => point);
  }
  const sign = first.direction === 'lower' ? -1 : 1;
  const ranked = comparisons
    .flatMap(({ point, values }) =>
      values.difference.computable ? [{ point, effect: sign * values.difference.mean }] : [],
    )
    .sort((a, b) => b.effect - a.effect);
  const best = ranked.slice(0, mostPointsWithCurves - 1).map(({ point }) => point);
  const worst = ranked.slice(-1).map(({ point }) => point);
  return [...new Set([...best, ...worst])];
}

function documented({ point, challenger, result }: RunComparison): ReportComparison {
  // The unadjusted p values are those of the tests; the adjusted ones are the verdict's.
  const { pDifference, pEquivalence, baseline, challenger: values, difference, ...rest } = result;
  return { ...rest, point, challenger, values: { baseline, challenger: values, difference } };
}
