import { z } from 'zod';
import { orList } from '../schema/fields.js';
import type { Resolved } from '../schema/fields.js';
import type { ScheduledStep, ScheduleKind } from './schedules/kind.js';
import * as kinds from './schedules/kinds.js';

type Kind = (typeof kinds)[keyof typeof kinds];

export type ScheduleSpec = Resolved<Kind['schema']>;

export const scheduleSchema = z.discriminatedUnion(
  'kind',
  Object.values(kinds).map(({ schema }) => schema) as [Kind['schema'], ...Kind['schema'][]],
  {
    error: (issue) =>
      issue.note === undefined ? 'a map with a `kind`' : orList(Object.keys(kinds)),
  },
);

/** Names of the settings a kind of schedule has; undefined where there is no such kind. */
export function scheduleSettings(kind: unknown): readonly string[] | undefined {
  const found = Object.entries(kinds).find(([name]) => name === kind);
  return found && Object.keys(found[1].schema.shape);
}

/**
 * The learning rate of a step: a function of its number alone, so that a resumed trial goes on with it.
 * @param step counted from 1
 * @param steps of the whole training
 */
export function learningRateAt(
  {
    learningRate,
    schedule,
  }: { readonly learningRate: number; readonly schedule?: ScheduleSpec | undefined },
  step: number,
  steps: number,
): number {
  return schedule === undefined ? learningRate : learningRate * factorAt(schedule, step, steps);
}

/**
 * The first setting that a training is too short for, so that it would never have its effect.
 * @param steps of the whole training
 * @returns the setting below the schedule, its value, and the steps that it may have at most
 */
export function unreached(
  schedule: ScheduleSpec,
  steps: number,
): (ScheduledStep & { readonly most: number }) | undefined {
  const { kind, warmup } = schedule;
  if (warmup > steps) return { path: ['warmup'], step: warmup, most: steps };
  const most = steps - warmup;
  const named = (kinds[kind] as ScheduleKind<z.ZodObject>).reaches?.(schedule) ?? [];
  const late = named.find(({ step }) => step > most);
  return late && { ...late, most };
}

function factorAt(schedule: ScheduleSpec, step: number, steps: number): number {
  const { kind, warmup } = schedule;
  const elapsed = step - 1 - warmup;
  if (elapsed < 0) return (step - 1) / warmup;
  return (kinds[kind] as ScheduleKind<z.ZodObject>).factor(schedule, elapsed, steps - warmup);
}
