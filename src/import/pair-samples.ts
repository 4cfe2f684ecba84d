import { LockstepError } from '../protocol/index.js';
import { orList } from '../schema/fields.js';
import { count } from '../text/numbers.js';
import type { Gap, Sample, Samples } from './sample.js';

/** All values of one metric of one variant, ascending by step; one without a step where there are no curves. */
export type Series = readonly Sample[];

/** One sweep point with one seed: every variant in every metric. */
export interface PairedTrial {
  readonly point: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** By metric, by variant. */
  readonly series: Readonly<Record<string, Readonly<Record<string, Series>>>>;
}

export interface PairedSamples {
  /** In the order in which the source names them. */
  readonly variants: readonly string[];
  /** Point after point in the source's order, seeds ascending. */
  readonly trials: readonly PairedTrial[];
}

/**
 * Lines up the samples in pairs: every variant with every seed at every point, in every metric.
 * @param path of the source, for errors
 * @throws LockstepError `data` naming the place of a missing or doubled number, of a variant that was measured by
 *   another metric, and of a seed that not all variants have
 */
export function pairSamples(
  { samples, gaps }: Samples,
  metrics: readonly string[],
  path: string,
): PairedSamples {
  const variants = [...new Set([...samples, ...gaps].map(({ variant }) => variant))];
  if (variants.length < 2) {
    const got = variants.length === 0 ? 'none' : `${variants[0]!} only`;
    throw new LockstepError('data', `${path}: expected at least two variants, got ${got}`);
  }
  requireSameMetrics(samples, gaps, { variants, metrics, path });
  const [gap] = gaps;
  if (gap !== undefined) throw missing(gap, gaps.length);
  const trials = groupTrials(samples);
  requirePairs(trials, variants, metrics, path);
  return { variants, trials };
}

interface Wanted {
  readonly variants: readonly string[];
  readonly metrics: readonly string[];
  readonly path: string;
}

/** A variant without any value of a metric that others have was measured by something else. */
function requireSameMetrics(
  samples: readonly Sample[],
  gaps: readonly Gap[],
  { variants, metrics, path }: Wanted,
): void {
  for (const metric of metrics) {
    const having = new Set(
      samples.flatMap((sample) => (sample.metric === metric ? [sample.variant] : [])),
    );
    if (having.size === 0) {
      throw new LockstepError('data', `${path}: expected values of ${metric}, got none`);
    }
    const without = variants.find((variant) => !having.has(variant));
    if (without === undefined) continue;
    const gap = gaps.find((one) => one.metric === metric && one.variant === without);
    throw new LockstepError(
      'data',
      `${gap?.place ?? path}: expected ${metric} for every variant, got none for ${without}, while ${orList([...having])} has it: the variants were measured by different metrics`,
      { hint: 'Choose a metric that all variants have with --metric.' },
    );
  }
}

function missing({ place, variant, seed, because }: Gap, all: number): LockstepError {
  const more = all > 1 ? ` (and ${count(all - 1, 'more cell')})` : '';
  const why = because === undefined ? '' : `, ${because}`;
  return new LockstepError(
    'data',
    `${place}: expected a number for ${variant} with seed ${seed}, got nothing${why}${more}`,
    {
      hint: 'Fill it in; write NaN where the training diverged, so that the pair counts as failed.',
    },
  );
}

interface GrowingTrial extends PairedTrial {
  series: Record<string, Record<string, Sample[]>>;
}

function groupTrials(samples: readonly Sample[]): PairedTrial[] {
  const points = new Map<string, Map<number, GrowingTrial>>();
  for (const sample of samples) {
    const { point, seed, metric, variant } = sample;
    const key = JSON.stringify(point);
    let seeds = points.get(key);
    if (seeds === undefined) points.set(key, (seeds = new Map<number, GrowingTrial>()));
    let trial = seeds.get(seed);
    if (trial === undefined) seeds.set(seed, (trial = { point, seed, series: {} }));
    ((trial.series[metric] ??= {})[variant] ??= []).push(sample);
  }
  const trials = [...points.values()].flatMap((seeds) =>
    [...seeds.values()].sort((a, b) => a.seed - b.seed),
  );
  for (const { series } of trials) {
    for (const byVariant of Object.values(series)) {
      for (const [variant, list] of Object.entries(byVariant)) byVariant[variant] = ordered(list);
    }
  }
  return trials;
}

/** Ascending by step. @throws LockstepError `data` for two values of one step, or several without one */
function ordered(samples: readonly Sample[]): Sample[] {
  const byStep = new Map<number | undefined, Sample>();
  for (const sample of samples) {
    const earlier = byStep.get(sample.step);
    if (earlier !== undefined) throw doubled(earlier, sample);
    byStep.set(sample.step, sample);
  }
  const [first] = samples;
  if (byStep.has(undefined) && byStep.size > 1) {
    throw new LockstepError(
      'data',
      `${first!.place}: expected a step for all values of ${first!.variant} with seed ${first!.seed}, or for none`,
    );
  }
  return [...samples].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
}

function doubled(
  earlier: Sample,
  { place, metric, variant, seed, step, point }: Sample,
): LockstepError {
  const at = step === undefined ? '' : ` at step ${step}`;
  const where = Object.entries(point).map(([name, value]) => `, ${name} ${JSON.stringify(value)}`);
  return new LockstepError(
    'data',
    `${place}: expected one ${metric} of ${variant} with seed ${seed}${where.join('')}${at}, got another; the first is at ${earlier.place}`,
    {
      hint: 'A seed counts once: remove one, or say with --point-columns or --step-column what sets them apart.',
    },
  );
}

/** @throws LockstepError `data` naming each seed that a variant lacks */
function requirePairs(
  trials: readonly PairedTrial[],
  variants: readonly string[],
  metrics: readonly string[],
  path: string,
): void {
  const lacking = trials.flatMap(({ seed, point, series }) =>
    metrics.flatMap((metric) =>
      variants.flatMap((variant) => {
        const own = series[metric] ?? {};
        const [other] = Object.values(own).flat();
        return own[variant] === undefined ? [{ seed, point, metric, variant, other }] : [];
      }),
    ),
  );
  const [first] = lacking;
  if (first === undefined) return;
  const { seed, variant, metric, other, point } = first;
  const at = Object.keys(point).length === 0 ? '' : ` at ${JSON.stringify(point)}`;
  const beside = other === undefined ? '' : ` (${other.variant} has it at ${other.place})`;
  const seeds = [...new Set(lacking.map((one) => `${one.variant} ${one.seed}`))];
  const more =
    seeds.length > 1
      ? `; in all ${count(seeds.length, 'seed')}: ${seeds.slice(0, 8).join(', ')}`
      : '';
  throw new LockstepError(
    'data',
    `${path}: expected ${metric} of every variant with seed ${seed}${at}, got none of ${variant}${beside}${more}`,
    {
      hint: 'Only pairs can be compared: add what is missing, or remove the seed of all variants.',
    },
  );
}
