import { leaves } from '../config/leaves.js';
import type { Config } from '../config/schema.js';
import { validateConfig } from '../config/validate.js';
import { variantSpecs } from '../config/variants.js';
import { LockstepError } from '../protocol/index.js';

/** A key of the configuration whose value is not the default. */
export interface ConfigSetting {
  /** For instance `training.optimizer.learningRate`. */
  readonly path: string;
  /** As JSON. */
  readonly value: string;
  /** The default, as JSON; null where there is none and the key must be given. */
  readonly default: string | null;
}

/** A setting in which the variants differ. */
export interface VariantDifference {
  readonly path: string;
  /** By variant, as JSON; null where a variant does not have it. */
  readonly values: Readonly<Record<string, string | null>>;
}

/**
 * The settings that are not defaults, leaf by leaf: each is left out in turn, and its default is what
 * validation then fills in.
 */
export function configSettings(config: Config): ConfigSetting[] {
  // Without the sweep, whose every value validation would try each time.
  const base: Config = { ...config, sweep: undefined };
  return leaves(base)
    .filter(({ path }) => path[0] !== 'variants' && path[0] !== 'name')
    .flatMap(({ path, value }) => {
      const standard = defaultOf(base, path);
      const text = JSON.stringify(value);
      return standard === text ? [] : [{ path: path.join('.'), value: text, default: standard }];
    });
}

/** The settings that distinguish the variants. */
export function variantDifferences(config: Config): VariantDifference[] {
  const specs = variantSpecs(config).map(({ name, optimizer }) => {
    const { input, activation, init, dropout, network = config.network } = config.variants[name]!;
    const own = leaves({ input, activation, init, dropout, optimizer, layers: network.layers });
    return {
      name,
      leaves: new Map(own.map(({ path, value }) => [path.join('.'), JSON.stringify(value)])),
    };
  });
  const paths = new Set(specs.flatMap((spec) => [...spec.leaves.keys()]));
  return [...paths].flatMap((path) => {
    const values = specs.map(({ name, leaves: own }) => [name, own.get(path) ?? null] as const);
    const same = values.every(([, value]) => value === values[0]![1]);
    return same ? [] : [{ path, values: Object.fromEntries(values) }];
  });
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
