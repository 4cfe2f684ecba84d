import type { Config } from '../config/schema.js';
import { race } from '../statistics/race.js';
import type { Race, RaceDrop, RaceRules, RaceValue } from '../statistics/race.js';
import { divergedVariants, finalMetric, metricValue, valueOf } from './final-values.js';
import type { FinalMetric } from './final-values.js';
import { trialsByPoint } from './manifest.js';
import type { PlannedRun } from './imported-manifest.js';
import type { Trial } from './manifest.js';
import type { RunTrial } from './read-trial.js';

/** What races: a variant's own metric, or a challenger's paired difference from the baseline. */
export type Racer = { readonly variant: string } | { readonly challenger: string };

export interface RacePlan extends RaceRules {
  readonly of: Racer;
  readonly metric: FinalMetric;
}

/** The race that a configuration plans; undefined if its sweep is none. */
export function racePlan(config: Config): RacePlan | undefined {
  const { sweep, seeds, decision, variants, baseline } = config;
  if (sweep?.method !== 'race') return undefined;
  const [challenger] = Object.keys(variants).filter((name) => name !== baseline);
  const { variant, challenger: chosen = challenger } = sweep.of ?? {};
  const metric = finalMetric(sweep.metric ?? decision.metric);
  return {
    of:
      variant !== undefined || chosen === undefined
        ? { variant: variant ?? baseline }
        : { challenger: chosen },
    metric,
    direction: metric.direction,
    alpha: decision.alpha,
    seeds: seeds.length,
  };
}

/** Why a point was dropped: it fell behind, or a trial of it gave no value, for this reason. */
export type DropReason = 'behind' | 'diverged' | 'failed' | 'no value';

/** A race as far as the results of its trials go. */
export interface RunRace extends Race {
  readonly plan: RacePlan;
  /** The trials of each point, the seeds in order. */
  readonly trials: readonly (readonly Trial[])[];
  /** `[points][seeds]` */
  readonly values: readonly (readonly RaceValue[])[];
  /** The trials of dropped points with the seeds after: they are not run. */
  readonly spared: ReadonlySet<number>;
  readonly reasonOf: (drop: RaceDrop) => DropReason;
}

/** How a trial of a race stands. */
export type RacedTrial = Pick<RunTrial, 'state' | 'result'>;

/**
 * The race of a run, which follows from the results of its trials alone: a run that is killed and resumed
 * drops the same points. A trial that failed drops its point like one that diverged; when it is run again
 * and ends well, the point is back. A trial that was lost or interrupted has not ended: the race waits.
 * @param trialOf by index
 */
export function raceOf(
  manifest: PlannedRun,
  trialOf: (index: number) => RacedTrial | undefined,
): RunRace | undefined {
  if (manifest.kind !== undefined) return undefined;
  const { config, trials } = manifest;
  const plan = racePlan(config);
  if (plan === undefined) return undefined;
  const grouped = trialsByPoint(trials);
  const values = grouped.map((group) =>
    group.slice(0, plan.seeds).map(({ index }) => racedValue(trialOf(index), plan, config)),
  );
  const found = race(values, plan);
  const spared = found.drops.flatMap(({ point, seeds }) => grouped[point]!.slice(seeds));
  return {
    ...found,
    plan,
    trials: grouped,
    values,
    spared: new Set(spared.map(({ index }) => index)),
    reasonOf({ point, seeds, look }) {
      if (look !== undefined) return 'behind';
      const { state, result } = trialOf(grouped[point]![seeds - 1]!.index) ?? {};
      if (state === 'failed') return 'failed';
      return divergedVariants({ result }).length > 0 ? 'diverged' : 'no value';
    },
  };
}

/** Indices of the trials that a drop spares. */
export function sparedBy({ point, seeds }: RaceDrop, { trials }: RunRace): number[] {
  return trials[point]!.slice(seeds).map(({ index }) => index);
}

/** Whether a race is over: its survivors have run all seeds, or there are none. */
export function isOver({ round, plan }: RunRace): boolean {
  return round >= plan.seeds;
}

function racedValue(
  trial: RacedTrial | undefined,
  { of, metric }: RacePlan,
  { baseline }: Config,
): RaceValue {
  if (trial?.result === undefined) return trial?.state === 'failed' ? null : undefined;
  const own = (variant: string) => valueOf(trial, variant, { metric, baseline });
  if ('variant' in of) return own(of.variant);
  if (own(baseline) === null || own(of.challenger) === null) return null;
  // Made from counts where the metric has them: see `scoreDifference`.
  return metricValue(trial.result.delta[of.challenger], metric);
}
