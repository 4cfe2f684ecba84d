import { z } from 'zod';
import { configSchema } from './schema.js';

type JsonSchema = Record<string, unknown>;

/** Keys that a configuration ignores, in every map. */
const ignoredKeys = '^x-';

/**
 * The JSON Schema (draft 7, which editors know best) of a configuration file.
 *
 * A file that `extends` another may leave out any key, or remove it with a null, so no map requires its
 * keys, but for the items of lists, which are never merged; a file that extends nothing needs the
 * top-level ones.
 */
export function configJsonSchema(): JsonSchema {
  const { $schema, required, properties, ...rest } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      // Every integer would say it is a safe one.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.type !== 'object') return;
      jsonSchema.patternProperties = { [ignoredKeys]: {} };
      const { propertyNames } = jsonSchema;
      if (propertyNames === undefined) return;
      const names = [{ pattern: ignoredKeys }, propertyNames];
      Object.assign(jsonSchema, { propertyNames: { anyOf: names } });
    },
  }) as JsonSchema;
  // A file without a name is called what its file is called.
  const needed = (required as string[]).filter((key) => key !== 'name');
  return {
    $schema,
    title: 'Lockstep configuration',
    ...rest,
    properties: {
      extends: {
        type: 'string',
        description:
          'The configuration this one is laid over: a file relative to this one, or a shipped name such as tutorial. Maps merge, lists and values are replaced, and a null removes what it is laid over.',
      },
      ...mergeableMembers(properties as Record<string, JsonSchema>),
    },
    if: { not: { required: ['extends'] } },
    then: { required: needed },
  };
}

/** The schema of a value that may be merged into another: nothing is required of a map in it. */
function mergeable({ required: _, ...schema }: JsonSchema): JsonSchema {
  const { properties, additionalProperties, anyOf, oneOf, ...rest } = schema;
  // Which of several kinds a part of a map is of may be known from the file below only.
  const choices = anyOf ?? oneOf;
  return {
    ...rest,
    ...(Array.isArray(choices) && { anyOf: (choices as JsonSchema[]).map(mergeable) }),
    ...(isSchema(properties) && {
      properties: mergeableMembers(properties as Record<string, JsonSchema>),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties: isSchema(additionalProperties)
        ? orNull(mergeable(additionalProperties))
        : additionalProperties,
    }),
  };
}

function mergeableMembers(members: Readonly<Record<string, JsonSchema>>) {
  return Object.fromEntries(
    Object.entries(members).map(([key, member]) => [key, orNull(mergeable(member))]),
  );
}

/** A null removes the key it is laid over. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: words, anyOf } = schema;
  if (Array.isArray(anyOf))
    return { ...schema, anyOf: [...(anyOf as unknown[]), { type: 'null' }] };
  if (type === undefined) {
    const { description, default: preset, ...alternative } = schema;
    const notes = {
      ...(preset !== undefined && { default: preset }),
      ...(description !== undefined && { description }),
    };
    return { ...notes, anyOf: [alternative, { type: 'null' }] };
  }
  return {
    ...schema,
    type: [type, 'null'],
    ...(Array.isArray(words) && { enum: [...(words as unknown[]), null] }),
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
