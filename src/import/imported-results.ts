import { toMetric } from '../log/records.js';
import type { Metric } from '../log/records.js';
import type { CurvesFile } from '../run/imported-curves.js';
import type { Trial } from '../run/manifest.js';
import { resultSchemaVersion } from '../run/result.js';
import type { TrialResult } from '../run/result.js';
import type { PairedSamples, PairedTrial, Series } from './pair-samples.js';

/** What is written of one imported trial. */
export interface ImportedTrial {
  readonly trial: Trial;
  readonly result: TrialResult;
  /** Absent where the source has no steps. */
  readonly curves?: CurvesFile | undefined;
}

/** Draws results and curves from paired samples: the last value of a series is the result. */
export function importedTrials(
  { variants, trials }: PairedSamples,
  baseline: string,
): ImportedTrial[] {
  return trials.map(({ point, seed, series }, index) => {
    const trial = { index, point, seed };
    const curves = curvesOf(series);
    return {
      trial,
      result: resultOf(trial, { variants, baseline, series }),
      ...(curves && { curves }),
    };
  });
}

type AllSeries = PairedTrial['series'];

interface ResultParts {
  readonly variants: readonly string[];
  readonly baseline: string;
  readonly series: AllSeries;
}

function resultOf(
  { index, point, seed }: Trial,
  { variants, baseline, series }: ResultParts,
): TrialResult {
  const own = variants.map((variant) => [variant, variantResult(variant, series)] as const);
  const reasons = own.flatMap(([name, { diverged }]) =>
    diverged === undefined ? [] : [`${name}: ${diverged.reason}`],
  );
  return {
    schemaVersion: resultSchemaVersion,
    trial: index,
    seed,
    ...(Object.keys(point).length > 0 && { point }),
    outcome: reasons.length === 0 ? 'completed' : 'diverged',
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
    steps: Math.max(0, ...own.map(([, { lastStep = 0 }]) => lastStep)),
    baseline,
    variants: Object.fromEntries(own),
    delta: Object.fromEntries(
      variants
        .filter((variant) => variant !== baseline)
        .map((variant) => [variant, differences(variant, baseline, series)]),
    ),
  };
}

function variantResult(variant: string, series: AllSeries): TrialResult['variants'][string] {
  const last = Object.values(series).map((byVariant) => byVariant[variant]!.at(-1)!);
  const steps = last.flatMap(({ step }) => step ?? []);
  const broken = last.find(({ value }) => !Number.isFinite(value));
  return {
    label: variant,
    ...(broken && {
      diverged: {
        step: broken.step ?? 0,
        reason: `${broken.metric} is ${String(toMetric(broken.value))} (${broken.place})`,
      },
    }),
    ...(steps.length > 0 && { lastStep: Math.max(...steps) }),
    evaluations: [],
    imported: Object.fromEntries(last.map(({ metric, value }) => [metric, toMetric(value)])),
  };
}

function differences(variant: string, baseline: string, series: AllSeries) {
  const imported: Record<string, Metric> = {};
  for (const [metric, byVariant] of Object.entries(series)) {
    const [ours, theirs] = [byVariant[variant]!.at(-1)!, byVariant[baseline]!.at(-1)!];
    imported[metric] = toMetric(ours.value - theirs.value);
  }
  return { evaluations: [], imported };
}

function curvesOf(series: AllSeries): CurvesFile | undefined {
  const stepped = Object.values(series).some((byVariant) =>
    Object.values(byVariant).some((list) => list.length > 1),
  );
  if (!stepped) return undefined;
  const curve = (list: Series) => ({
    steps: list.map(({ step = 0 }) => step),
    values: list.map(({ value }) => toMetric(value)),
  });
  const metrics = Object.entries(series).map(([metric, byVariant]) => {
    const curves = Object.entries(byVariant).map(([name, list]) => [name, curve(list)] as const);
    return [metric, Object.fromEntries(curves)] as const;
  });
  return { schemaVersion: 1, metrics: Object.fromEntries(metrics) };
}
