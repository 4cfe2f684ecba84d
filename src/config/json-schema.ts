import { z } from 'zod';
import { configSchema } from './schema.js';

type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema (draft 7, which editors know best) of a configuration file.
 *
 * A file that `extends` another may leave out any key, so no map requires its keys, but for the
 * items of lists, which are never merged; a file that extends nothing needs the top-level ones.
 */
export function configJsonSchema(): JsonSchema {
  const { $schema, required, properties, ...rest } = withoutRequired(
    z.toJSONSchema(configSchema, {
      io: 'input',
      target: 'draft-7',
      override: ({ jsonSchema }) => {
        // Every integer would say it is a safe one.
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      },
    }),
    true,
  );
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
          'The configuration this one is laid over: a file relative to this one, or a shipped name such as tutorial. Maps merge; lists and values are replaced.',
      },
      ...(properties as JsonSchema),
    },
    if: { not: { required: ['extends'] } },
    then: { required: needed },
  };
}

/** Drops `required` from a map and the maps in it, but keeps it within lists. */
function withoutRequired(schema: JsonSchema, root = false): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => root || key !== 'required')
      .map(([key, value]) => {
        if (key === 'additionalProperties' && isSchema(value)) return [key, withoutRequired(value)];
        if (key !== 'properties') return [key, value];
        const maps = Object.entries(value as Record<string, JsonSchema>);
        return [key, Object.fromEntries(maps.map(([name, map]) => [name, withoutRequired(map)]))];
      }),
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
