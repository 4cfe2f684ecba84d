import { z } from 'zod';
import type { TargetKind } from '../protocol/network-plan.js';
import { orList } from '../schema/fields.js';
import type { Resolved } from '../schema/fields.js';
import type { ObjectiveKind } from './objectives/kind.js';
import * as kinds from './objectives/kinds.js';

type Kind = (typeof kinds)[keyof typeof kinds];

export type ObjectiveSpec = Resolved<Kind['schema']>;

const all: readonly Kind[] = Object.values(kinds);
const names = Object.keys(kinds) as [ObjectiveSpec['kind'], ...ObjectiveSpec['kind'][]];

export const objectiveSchema = z.discriminatedUnion(
  'kind',
  all.map(({ schema }) => schema) as [Kind['schema'], ...Kind['schema'][]],
  { error: (issue) => (issue.note === undefined ? 'a map with a `kind`' : orList(names)) },
);

/** Of a configuration that names none. */
export const defaultObjective: ObjectiveSpec = { kind: 'softmaxCrossEntropy', labelSmoothing: 0 };

/** What an objective compares outputs with. */
export function targetsOf({ kind }: ObjectiveSpec): TargetKind {
  return kinds[kind].targets;
}

/** What is wrong with an objective's settings for a network of so many outputs; undefined where nothing is. */
export function objectiveMisfit(spec: ObjectiveSpec, outputs: number): string | undefined {
  return (kinds[spec.kind] as ObjectiveKind<z.ZodObject>).misfit?.(spec, outputs);
}
