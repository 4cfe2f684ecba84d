import { z } from 'zod';
import { configJsonSchema } from '../src/config/json-schema.js';
import { configSchema } from '../src/config/schema.js';

/** What is read of a JSON Schema, as far as Zod writes it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly then?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** How the keys that users choose are written in paths, by the path of their map. */
const placeholders: Readonly<Record<string, string>> = {
  variants: '<name>',
  'sweep.parameters': '<path>',
};

const introduction = `<!-- Generated from src/config/schema by \`npm run schema\`; edit the schema. -->

# Configuration

A configuration is a YAML file. \`lockstep run NAME --print-config\` prints a shipped one with every default filled in, and
[configs/tutorial.yaml](../configs/tutorial.yaml) is a commented example. Unknown keys, wrong types and layers that do not fit
are errors with file and line, found before anything is trained. [configs/schema.json](../configs/schema.json) gives editors
completion; name it in the first line: \`# yaml-language-server: $schema=<path to schema.json>\`.

- \`extends: other.yaml\` lays a file over another, or over a shipped configuration by its name. Maps merge key by key, lists and values
  are replaced, and \`null\` removes what it is laid over: \`variants: { snn: null }\`.
- \`--set path=value\` overrides one key, for example \`--set training.steps=100\` or \`--set variants.snn.dropout.rate=0.1\`; the value
  is YAML. \`--seeds 1..10\` sets \`seeds\`. \`--set variants.snn=null\` removes a key.
- Keys that start with \`x-\` are ignored in every map: a place for anchors (\`x-common: &common { ... }\`), which merge keys
  (\`<<: *common\`) lay under other maps.

Keys in **bold** are required, unless the file extends one that has them. \`<name>\` stands for a key of your choice, \`[]\` for the items of a list.
`;

/** The reference of all keys, in Markdown, from the schema that validates them. */
export function configurationDocument(): string {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
  }) as unknown as Schema & { readonly definitions?: Definitions };
  const { properties } = expanded(schema, schema.definitions ?? {}) as Schema;
  const file = configJsonSchema() as Schema;
  const needed = file.then?.required ?? [];
  const keys = { extends: file.properties!.extends!, ...properties };
  const seen = new Map<string, string>();
  const sections = Object.entries(keys).map(([key, value]) =>
    section(key, value, needed.includes(key), seen),
  );
  return [introduction, ...sections].join('\n');
}

type Definitions = Readonly<Record<string, Schema>>;

/** Stands for what it is itself inside. */
const recursive = 'recursive';

/** The schema with its references replaced by what they refer to, but for those inside that. */
function expanded(value: unknown, definitions: Definitions, open: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => expanded(item, definitions, open));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...rest } = value as Schema;
  if ($ref === undefined) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, expanded(inner, definitions, open)]),
    );
  }
  if (open.includes($ref)) return { ...rest, type: recursive };
  const definition = definitions[$ref.split('/').at(-1)!];
  return { ...(expanded(definition, definitions, [...open, $ref]) as Schema), ...rest };
}

/**
 * A top-level key and all keys below it. Kinds of a list's items get a table each.
 * @param seen the paths of the lists of kinds that are documented already, by their schema
 */
function section(
  key: string,
  schema: Schema,
  required: boolean,
  seen: Map<string, string>,
): string {
  const rows: string[] = [];
  const kinds: string[] = [];
  const visit = (path: string, value: Schema, needed: boolean): void => {
    const alternatives = kindsOf(value);
    const text = JSON.stringify(alternatives ?? null);
    const before = alternatives && seen.get(text);
    rows.push(row(path, value, needed, before));
    if (before !== undefined) return;
    if (alternatives !== undefined) {
      seen.set(text, path);
      const item = value.type === 'array' ? `${path}[]` : path;
      kinds.push(...kindTables(item, alternatives, seen));
      return;
    }
    for (const [suffix, inner, innerNeeded] of below(path, value)) {
      visit(`${path}${suffix}`, inner, innerNeeded);
    }
  };
  for (const [suffix, inner, needed] of below(key, schema)) visit(`${key}${suffix}`, inner, needed);
  const heading = `## \`${key}\`${required ? ' (required)' : ''}\n`;
  return [heading, `${schema.description}\n`, rows.length > 0 ? table(rows) : '', ...kinds].join(
    '\n',
  );
}

/** The keys below a value: how their paths go on, what they are, and whether they are required. */
function below(path: string, schema: Schema): [suffix: string, schema: Schema, needed: boolean][] {
  const { properties = {}, required = [], additionalProperties, items } = schema;
  const known = Object.entries(properties).map(([key, value]): [string, Schema, boolean] => [
    `.${key}`,
    value,
    required.includes(key) && value.default === undefined,
  ]);
  const placeholder = placeholders[path] ?? '<key>';
  const map = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  if (map?.properties !== undefined) {
    known.push(...below(path, map).map(prefixed(`.${placeholder}`)));
  }
  if (items !== undefined && 'properties' in items && kindsOf(schema) === undefined) {
    known.push(...below(path, items).map(prefixed('[]')));
  }
  for (const choice of schema.anyOf ?? []) {
    if (typeof choice.additionalProperties === 'object') known.push(...below(path, choice));
  }
  return known;
}

function prefixed(prefix: string) {
  return ([suffix, schema, needed]: [string, Schema, boolean]): [string, Schema, boolean] => [
    `${prefix}${suffix}`,
    schema,
    needed,
  ];
}

/** What tells the maps of a union apart: each has a `kind` of one word. */
function kindsOf({ items, oneOf, anyOf }: Schema): readonly Schema[] | undefined {
  const item = items === undefined || Array.isArray(items) ? undefined : (items as Schema);
  const choices = oneOf ?? anyOf ?? item?.oneOf ?? item?.anyOf;
  return choices?.every(({ properties }) => properties?.kind?.const !== undefined) === true
    ? choices
    : undefined;
}

/** A table for each kind, then those for the kinds of their settings. */
function kindTables(path: string, kinds: readonly Schema[], seen: Map<string, string>): string[] {
  const nested: string[] = [];
  const rowOf = (key: string, value: Schema, needed: boolean) => {
    const alternatives = kindsOf(value);
    const text = JSON.stringify(alternatives);
    const before = alternatives && seen.get(text);
    if (alternatives !== undefined && before === undefined) {
      seen.set(text, `${path}.${key}`);
      nested.push(...kindTables(`${path}.${key}`, alternatives, seen));
    }
    return row(key, value, needed, before);
  };
  const tables = kinds.map(({ properties, required = [] }) => {
    const { kind, ...rest } = properties!;
    const heading = `### \`${path}\`: \`kind: ${String(kind!.const)}\`\n\n${kind!.description ?? ''}\n`;
    const rows = Object.entries(rest).map(([key, value]) =>
      rowOf(key, value, required.includes(key) && value.default === undefined),
    );
    return rows.length === 0 ? heading : `${heading}\n${table(rows)}`;
  });
  return [...tables, ...nested];
}

function table(rows: readonly string[]): string {
  return `| key | value | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function row(path: string, schema: Schema, needed: boolean, sameAs?: string): string {
  const name = needed ? `**\`${path}\`**` : `\`${path}\``;
  const value = sameAs === undefined ? valueText(schema) : `as \`${sameAs}\``;
  const cells = [name, value, defaultText(schema), schema.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultText({ default: preset, properties }: Schema): string {
  if (preset === undefined || properties !== undefined) return '';
  return `\`${JSON.stringify(preset)
    .replaceAll('"', '')
    .replaceAll(/([:,])/g, '$1 ')}\``;
}

/** In words, what a value has to be. */
function valueText(schema: Schema): string {
  const { type, enum: words, anyOf, oneOf, items } = schema;
  const choices = anyOf ?? oneOf;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(', ');
  if (choices !== undefined) {
    if (kindsOf(schema) !== undefined) return 'a map with a `kind`, see below';
    return [...new Set(choices.map(valueText))].join(' or ');
  }
  switch (type) {
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `a whole number${boundsText(schema)}`;
    case 'number':
      return `a number${boundsText(schema)}`;
    case 'string':
      return 'text';
    case 'object':
      return 'a map';
    case 'array': {
      if (items === undefined) return 'a list';
      if (Array.isArray(items)) return `[${(items as Schema[]).map(valueText).join(', ')}]`;
      if (kindsOf(schema) !== undefined) return 'a list of maps, see below';
      if ((items as Schema).type === recursive) return 'a list of maps, as the list this is in';
      return `a list of ${plural(valueText(items as Schema))}`;
    }
    case undefined:
    default:
      return 'any value';
  }
}

/** `a map` as `maps`. */
function plural(text: string): string {
  if (text === 'a map') return 'maps';
  if (text === 'any value') return 'values';
  return `items, each ${text}`;
}

function boundsText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const lower =
    exclusiveMinimum !== undefined
      ? `above ${exclusiveMinimum}`
      : low !== undefined
        ? `of at least ${low}`
        : undefined;
  const upper =
    exclusiveMaximum !== undefined
      ? `below ${exclusiveMaximum}`
      : high !== undefined
        ? `of at most ${high}`
        : undefined;
  const both = [lower, upper].filter((bound) => bound !== undefined);
  return both.length === 0 ? '' : ` ${both.join(' and ')}`;
}
