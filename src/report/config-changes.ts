import { leaves } from '../config/path.js';
import type { Config } from '../config/schema.js';
import { validateConfig } from '../config/validate.js';
import { variantSpecs } from '../config/variants.js';
import type { VariantSpec } from '../model/variant.js';
import { LockstepError } from '../protocol/index.js';

/** A key of the configuration whose value is not the default. */
export interface ConfigSetting {
  /** For instance `training.optimizer.learningRate`. */
  readonly path: string;
  /** As JSON, each value that some point has, in the order of the points; null where it has none. */
  readonly values: readonly (string | null)[];
  /** The default, as JSON; null where there is none and the key must be given. */
  readonly default: string | null;
}

/** A setting in which the variants differ. */
export interface VariantDifference {
  readonly path: string;
  /** By variant, as {@link ConfigSetting.values}. */
  readonly values: Readonly<Record<string, readonly (string | null)[]>>;
}

/**
 * The settings that are not defaults, leaf by leaf: each is left out in turn, and its default is what
 * validation then fills in.
 * @param points the configuration of each point, without a sweep
 */
export function configSettings(points: readonly Config[]): ConfigSetting[] {
  const maps = points.map(leafTexts);
  const paths = new Map(
    points.flatMap((config) => leaves(config).map(({ path }) => [path.join('.'), path] as const)),
  );
  return [...paths]
    .filter(([, [root]]) => root !== 'variants' && root !== 'name')
    .flatMap(([path, keys]) => {
      const values = distinct(maps.map((texts) => texts.get(path) ?? null));
      const having = points.find((_, index) => maps[index]!.has(path))!;
      const standard = defaultOf(having, keys);
      const isDefault = values.every((value) => value === standard);
      return isDefault ? [] : [{ path, values, default: standard }];
    });
}

/** The settings that distinguish the variants at some point. @param points as of {@link configSettings} */
export function variantDifferences(points: readonly Config[]): VariantDifference[] {
  const specs = points.map((config) =>
    variantSpecs(config).map((spec) => variantLeaves(config, spec)),
  );
  const names = Object.keys(points[0]?.variants ?? {});
  const paths = new Set(specs.flatMap((variants) => variants.flatMap((own) => [...own.keys()])));
  return [...paths].flatMap((path) => {
    const valuesAt = specs.map((variants) => variants.map((own) => own.get(path) ?? null));
    if (valuesAt.every((values) => distinct(values).length === 1)) return [];
    const values = names.map((name, variant) => {
      return [name, distinct(valuesAt.map((ofVariants) => ofVariants[variant]!))] as const;
    });
    return [{ path, values: Object.fromEntries(values) }];
  });
}

function variantLeaves(config: Config, { name, optimizer }: VariantSpec): Map<string, string> {
  const {
    input,
    activation,
    init,
    dropout,
    network = config.network,
    ...own
  } = config.variants[name]!;
  const { module, program, options, feed } = own;
  if (module !== undefined) return leafTexts({ input, optimizer, module, options });
  if (program !== undefined) return leafTexts({ input, optimizer, program, options, feed });
  return leafTexts({ input, activation, init, dropout, optimizer, layers: network.layers });
}

/** The leaves by dotted path, as JSON. */
function leafTexts(value: unknown): Map<string, string> {
  return new Map(
    leaves(value).map(({ path, value: leaf }) => [path.join('.'), JSON.stringify(leaf)]),
  );
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

function defaultOf(config: Config, path: readonly string[]): string | null {
  try {
    const filled: unknown = validateConfig(without(config, path), 'manifest.json');
    const value = path.reduce<unknown>(
      (node, key) => (node as Readonly<Record<string, unknown>> | undefined)?.[key],
      filled,
    );
    return value === undefined ? null : JSON.stringify(value);
  } catch (error) {
    if (error instanceof LockstepError) return null;
    throw error;
  }
}

function without(node: unknown, [key, ...rest]: readonly string[]): unknown {
  const entries = Object.entries(node as object);
  return Object.fromEntries(
    entries.flatMap(([name, value]: [string, unknown]) => {
      if (name !== key) return [[name, value] as const];
      return rest.length === 0 ? [] : [[name, without(value, rest)] as const];
    }),
  );
}
