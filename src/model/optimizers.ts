import { z } from 'zod';
import { map, oneOf, orList } from '../schema/fields.js';
import type { OptimizerKind } from './optimizers/kind.js';
import * as kinds from './optimizers/kinds.js';

type Kind = (typeof kinds)[keyof typeof kinds];

export type OptimizerSpec = z.output<Kind['schema']>;

type Settings<Spec> = Spec extends Spec ? keyof Spec : never;

/** Some settings of an optimizer, to be laid over others. */
export type OptimizerOverride = {
  readonly [Name in Settings<OptimizerSpec>]?: Extract<OptimizerSpec, Record<Name, unknown>>[Name];
};

const all: readonly Kind[] = Object.values(kinds);
/** Of an optimizer that does not name its kind. */
export const defaultOptimizer: OptimizerSpec['kind'] = 'sgd';
const names = Object.keys(kinds) as [OptimizerSpec['kind'], ...OptimizerSpec['kind'][]];

export const optimizerSchema = z.discriminatedUnion(
  'kind',
  all.map(({ schema }) => schema) as [Kind['schema'], ...Kind['schema'][]],
  { error: (issue) => (issue.note === undefined ? 'a map' : orList(names)) },
);

/** Settings of all kinds, without their defaults: which fit is known once they are laid over others. */
export const optimizerOverrideSchema = map({
  ...Object.fromEntries(
    all
      .flatMap(({ schema }) => Object.entries<z.ZodType>(schema.shape))
      .map(([name, field]) => {
        const plain = (field instanceof z.ZodDefault ? field.unwrap() : field) as z.ZodType;
        return [name, plain.exactOptional().describe(field.description ?? '')];
      }),
  ),
  kind: oneOf(names)
    .exactOptional()
    .describe('Another kind than the shared one stands in for all of its settings.'),
}) as unknown as z.ZodType<OptimizerOverride>;

/** Names of the settings a kind of optimizer has; undefined where there is no such kind. */
export function optimizerSettings(kind: unknown): readonly string[] | undefined {
  const found = names.find((name) => name === kind);
  return found && Object.keys(kinds[found].schema.shape);
}

/** An override of the same kind changes single settings; one of another kind replaces all of them. */
export function overriddenOptimizer(
  shared: OptimizerSpec,
  override: OptimizerOverride = {},
): unknown {
  const kind: string = override.kind ?? shared.kind;
  return kind === shared.kind ? { ...shared, ...override } : override;
}

/** Names of the tensors an optimizer keeps for each parameter. */
export function slotsOf(spec: OptimizerSpec): readonly string[] {
  return (kinds[spec.kind] as OptimizerKind<z.ZodObject>).slots(spec);
}
