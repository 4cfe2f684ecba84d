import { capOf } from '../config/schema/sequential.js';
import { followPath } from '../statistics/sequential-path.js';
import type { SequentialPath, SequentialRules } from '../statistics/sequential-path.js';
import { finalMetric } from './final-values.js';
import type { FinalMetric } from './final-values.js';
import type { PlannedRun } from './imported-manifest.js';
import { pairValuesOf } from './pair-values.js';
import type { RunTrial } from './read-trial.js';

/** What a run that is decided in sequence has fixed before its first trial. */
export interface SequencePlan {
  readonly metric: FinalMetric;
  readonly challengers: readonly string[];
  /** Of each comparison; alpha is its share. */
  readonly rules: SequentialRules;
}

/** Such a run as far as its results go. */
export interface RunSequence {
  readonly plan: SequencePlan;
  /** How many seeds, of the first ones, have settled: looks see no others. */
  readonly settled: number;
  /** One for each challenger. */
  readonly paths: readonly { readonly challenger: string; readonly path: SequentialPath }[];
  /** Whether every comparison has stopped. */
  readonly decided: boolean;
  /** The trials that the verdict does not need: those after it was reached. */
  readonly spared: ReadonlySet<number>;
}

/**
 * The plan of a run that `lockstep decide` began. None where seeds were added to one that had a cap: the plan has ended then, and
 * the run is one like others. Evidence may be added to for ever.
 */
export function sequencePlan({
  config,
  trials,
  extensions = [],
}: PlannedRun): SequencePlan | undefined {
  const { decision, variants, baseline } = config;
  const { sequential, alpha, margin } = decision;
  if (sequential === undefined || (extensions.length > 0 && !sequential.openEnded))
    return undefined;
  const challengers = Object.keys(variants).filter((name) => name !== baseline);
  const metric = finalMetric(decision.metric);
  return {
    metric,
    challengers,
    rules: {
      method: sequential.openEnded ? 'evidence' : 'groupSequential',
      cap: sequential.openEnded ? trials.length : capOf(sequential),
      every: sequential.every,
      alpha: alpha / Math.max(1, challengers.length),
      margin,
      direction: metric.direction,
    },
  };
}

/** How a trial of such a run stands. */
type StandingTrial = Pick<RunTrial, 'state' | 'result'>;

/** Asked as trials settle. @param trialOf by index; undefined: has not settled */
export type FollowSequence = (trialOf: (index: number) => StandingTrial | undefined) => RunSequence;

/**
 * Follows a run that is decided in sequence, which rests on the results of its trials alone: killed and resumed it looks at the
 * same pairs. It looks when every seed up to some number has settled, in whatever order they did. A trial that failed is a missing
 * pair; one that was lost or interrupted has not settled, and looks wait for it.
 * @returns undefined for any other run
 */
export function followSequence(manifest: PlannedRun): FollowSequence | undefined {
  const plan = sequencePlan(manifest);
  if (plan === undefined) return undefined;
  const { trials } = manifest;
  const { baseline } = manifest.config;
  const follow = plan.challengers.map((challenger) => ({
    challenger,
    next: followPath(plan.rules),
  }));
  return (trialOf) => {
    const open = trials.findIndex(({ index }) => !hasSettled(trialOf(index)));
    const settled = open < 0 ? trials.length : open;
    const first = trials.slice(0, settled);
    const paths = follow.map(({ challenger, next }) => {
      const source = { baseline, challenger, metric: plan.metric };
      return { challenger, path: next(pairValuesOf(first, trialOf, source)) };
    });
    const stops = paths.map(({ path }) => path.stop?.seeds ?? Infinity);
    const needed = Math.max(...stops);
    const spared = trials.slice(Math.min(needed, trials.length)).map(({ index }) => index);
    return { plan, settled, paths, decided: needed < Infinity, spared: new Set(spared) };
  };
}

/** {@link followSequence} once. */
export function sequenceOf(
  manifest: PlannedRun,
  trialOf: (index: number) => StandingTrial | undefined,
): RunSequence | undefined {
  return followSequence(manifest)?.(trialOf);
}

function hasSettled(trial: StandingTrial | undefined): boolean {
  return trial !== undefined && (trial.result !== undefined || trial.state === 'failed');
}
