import { logJsonSchema } from '../../log/record-schema.js';
import { metricNames } from '../../metrics/registry.js';

/** What a field of a record can hold. */
export interface FieldType {
  readonly numbers: boolean;
  /** The texts, for instance the names of events, or `NaN` beside a loss's numbers; undefined: any. */
  readonly texts: readonly string[] | undefined;
}

/** The part of a JSON Schema that says which fields there are. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
}

/** Stands for any name in a path, where the schema leaves the names open. */
const anyName = '*';

/** The fields of a log's records by path, for instance `variants.snn.scores.loss`, as the log's schema has them. */
export class LogFields {
  readonly #types = new Map<string, FieldType>();

  /** @param variants names the run has */
  constructor(variants: readonly string[]) {
    const visit = (schema: Schema, path: string): void => {
      const inside = (name: string) => (path === '' ? name : `${path}.${name}`);
      const { properties, additionalProperties } = schema;
      const alternatives = schema.oneOf ?? schema.anyOf;
      if (alternatives) for (const each of alternatives) visit(each, path);
      else if (properties) for (const name in properties) visit(properties[name]!, inside(name));
      else if (additionalProperties) {
        const names = path === 'variants' ? variants : namesIn(path);
        for (const name of names) visit(additionalProperties, inside(name));
      } else if (schema.type !== 'array') this.#add(path, typeOf(schema));
    };
    visit(logJsonSchema(), '');
  }

  get paths(): readonly string[] {
    return [...this.#types.keys()];
  }

  /** @returns undefined where no record has such a field */
  type(path: string): FieldType | undefined {
    return this.#types.get(path) ?? this.#types.get(path.replace(/[^.]+$/, anyName));
  }

  /** Events share fields, and each says its own of them. */
  #add(path: string, { numbers, texts }: FieldType): void {
    const before = this.#types.get(path) ?? { numbers: false, texts: [] };
    const all = before.texts && texts && [...new Set([...before.texts, ...texts])];
    this.#types.set(path, { numbers: before.numbers || numbers, texts: all });
  }
}

/** Names that the schema leaves open and Lockstep knows. */
function namesIn(path: string): readonly string[] {
  return path.endsWith('.scores') ? metricNames : [anyName];
}

function typeOf({ type = [], const: only, enum: all = [only] }: Schema): FieldType {
  const types = [type].flat();
  const numbers = types.includes('number') || types.includes('integer');
  const texts = all.filter((value) => typeof value === 'string');
  return {
    numbers,
    texts: texts.length > 0 || (numbers && types.length === 1) ? texts : undefined,
  };
}
