import { logJsonSchema } from '../../log/record-schema.js';

/** The texts that a field of a record can hold: none for a number, `undefined` where any may stand. */
export type FieldTexts = readonly string[] | undefined;

/** What of a JSON Schema says which fields there are. */
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

/** The fields of a log's records by path, for instance `variants.snn.loss`, as the log's schema has them. */
export class RecordFields {
  readonly #texts = new Map<string, FieldTexts>();

  /** @param variants names the run has */
  constructor(variants: readonly string[]) {
    const visit = (schema: Schema, path: string): void => {
      const inside = (name: string) => (path === '' ? name : `${path}.${name}`);
      const { properties, additionalProperties } = schema;
      const alternatives = schema.oneOf ?? schema.anyOf;
      if (alternatives) for (const each of alternatives) visit(each, path);
      else if (properties) for (const name in properties) visit(properties[name]!, inside(name));
      else if (additionalProperties) {
        const names = path === 'variants' ? variants : [anyName];
        for (const name of names) visit(additionalProperties, inside(name));
      } else if (schema.type !== 'array') this.#add(path, textsOf(schema));
    };
    visit(logJsonSchema(), '');
  }

  get paths(): readonly string[] {
    return [...this.#texts.keys()];
  }

  has(path: string): boolean {
    return this.#texts.has(path) || this.#texts.has(withAnyName(path));
  }

  texts(path: string): FieldTexts {
    return this.#texts.get(this.#texts.has(path) ? path : withAnyName(path));
  }

  /** Events share fields, and each says its own of them. */
  #add(path: string, texts: FieldTexts): void {
    const before = this.#texts.has(path) ? this.#texts.get(path) : [];
    const all = before && texts && [...new Set([...before, ...texts])];
    this.#texts.set(path, all);
  }
}

function textsOf({ type, const: only, enum: all = [only] }: Schema): FieldTexts {
  const texts = all.filter((value) => typeof value === 'string');
  if (texts.length > 0) return texts;
  return type === 'number' || type === 'integer' ? [] : undefined;
}

function withAnyName(path: string): string {
  return path.replace(/[^.]+$/, anyName);
}
