/**
 * The segments of a dotted path such as `network.layers.0.filters`; undefined if it is malformed.
 *
 * A segment that itself has dots is quoted: `sweep.parameters."training.steps".values`.
 */
export function parsePath(text: string): readonly string[] | undefined {
  const segment = /(?:"((?:[^"\\]|\\.)*)"|([^."]+))(\.|$)/y;
  const path: string[] = [];
  while (segment.lastIndex < text.length) {
    const match = segment.exec(text);
    if (match === null) return undefined;
    path.push(match[1] === undefined ? match[2]! : match[1].replaceAll(/\\(.)/g, '$1'));
    if (match[3] === '') return path;
  }
  return undefined;
}

/** The inverse of {@link parsePath}. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.map((key) => formatSegment(String(key))).join('.');
}

function formatSegment(segment: string): string {
  if (/^[^."=\s]+$/.test(segment)) return segment;
  return `"${segment.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A value that is no map, and where it stands. */
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
