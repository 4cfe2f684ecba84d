import { z } from 'zod';
import { map, oneOf, orList } from '../schema/fields.js';
import type { Resolved } from '../schema/fields.js';
import type { OptimizerKind } from './optimizers/kind.js';
import * as kinds from './optimizers/kinds.js';

type Kind = (typeof kinds)[keyof typeof kinds];

export type OptimizerSpec = Resolved<Kind['schema']>;

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
  { error: (issue) => (issue.note === undefined ? 'a map with a `kind`' : orList(names)) },
);

/** Settings of all kinds, without their defaults: which fit is known once they are laid over others. */
export const optimizerOverrideSchema = map({
  ...Object.fromEntries(settingNames().map((name) => [name, overridingField(name)])),
  kind: oneOf(names)
    .exactOptional()
    .describe('Another kind than the shared one stands in for all of its settings.'),
}) as unknown as z.ZodType<OptimizerOverride>;

function settingNames(): string[] {
  return [...new Set(all.flatMap(({ schema }) => Object.keys(schema.shape)))];
}

/** Takes what any kind takes; says what the kinds say, each if they differ. */
function overridingField(name: string): z.ZodType {
  const fields = Object.entries(kinds).flatMap(([kind, { schema }]) => {
    const field = (schema.shape as Readonly<Record<string, z.ZodType>>)[name];
    return field ? [{ kind, field, text: field.description ?? '' }] : [];
  });
  const texts = [...new Set(fields.map(({ text }) => text))];
  const description =
    texts.length === 1
      ? texts[0]!
      : texts
          .map((text) => {
            const having = fields.filter((other) => other.text === text).map(({ kind }) => kind);
            return `${having.map((kind) => `\`${kind}\``).join(', ')}: ${text}`;
          })
          .join(' ');
  return plainField(fields[0]!.field).exactOptional().describe(description);
}

/** Without its default, and required. */
function plainField(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodDefault || field instanceof z.ZodOptional
    ? plainField(field.unwrap() as z.ZodType)
    : field;
}

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
  return kindOf(spec).slots(spec);
}

/** Whether an optimizer's weight decay shrinks the parameters themselves instead of adding to the gradients. */
export function decouplesDecay(spec: OptimizerSpec): boolean {
  return kindOf(spec).decouplesDecay ?? false;
}

function kindOf({ kind }: OptimizerSpec): OptimizerKind<z.ZodObject> {
  return kinds[kind];
}
