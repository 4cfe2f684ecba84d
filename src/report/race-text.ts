import type { RunRace } from '../run/race.js';
import { effectUnit, formatterFor } from '../statistics/format-effect.js';
import { gapAt } from '../statistics/race.js';
import type { RaceDrop } from '../statistics/race.js';
import { count } from '../text/numbers.js';

/** What a reader must know of a drop. */
export type DropFacts = Pick<RaceDrop, 'point' | 'seeds' | 'look'> & {
  readonly reason: ReturnType<RunRace['reasonOf']>;
};

/**
 * Why a point was dropped, as a clause: `4.2 points of validation accuracy behind learningRate 0.1, more
 * than the bound of 3.1` or `diverged`.
 * @param labels of the points
 */
export function dropReason(
  { point, look, reason }: DropFacts,
  metric: string,
  labels: readonly string[],
): string {
  if (look === undefined) return lostTexts[reason];
  const { factor, phrase } = effectUnit(metric);
  const [gap, bound] = [gapAt(look, point) * factor, look.bound * factor];
  const format = formatterFor(bound / 10, [gap, bound]);
  const leader = labels[look.leader] ?? `point ${look.leader}`;
  return `${format(gap)} ${phrase} behind ${leader}, more than the bound of ${format(bound)}`;
}

const lostTexts = {
  behind: 'behind',
  diverged: 'diverged',
  failed: 'its trial failed',
  'no value': 'its trial gave no finite value',
} as const;

/** A drop as a line for people who watch the race. */
export function dropLine(drop: RaceDrop, race: RunRace, labels: readonly string[]): string {
  const { point, seeds } = drop;
  const { plan, reasonOf } = race;
  const why = dropReason({ ...drop, reason: reasonOf(drop) }, plan.metric.name, labels);
  const label = labels[point] ?? `point ${point}`;
  return `dropped after ${seeds} of ${count(plan.seeds, 'seed')}: ${label} (${why})`;
}
