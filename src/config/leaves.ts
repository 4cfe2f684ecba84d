export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The values of a configuration by their paths; lists count as one value. */
export function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value === undefined ? [] : [{ path, value }];
  }
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
