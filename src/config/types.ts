import type {
  ActivationName,
  DropoutKind,
  InitializerName,
  InputScaling,
  LayerSpec,
  OptimizerSpec,
} from '../protocol/index.js';
import type { SplitName } from '../protocol/index.js';

/** A configuration after `extends`, `--set`, validation and defaults; what a manifest freezes. */
export interface Config {
  readonly name: string;
  readonly data: {
    readonly dataset: 'mnist' | 'path';
    /** Absolute path of the folder with the four IDX files; present when `dataset` is `path`. */
    readonly path?: string | undefined;
    /** How many of the first training images form the validation split. */
    readonly validationSize: number;
    readonly batchSize: number;
  };
  readonly training: { readonly steps: number; readonly optimizer: OptimizerSpec };
  readonly evaluation: {
    /** Evaluate each variant on every minibatch after its update. */
    readonly minibatch: boolean;
    /** Also evaluate `splits` every so many steps; absent: only at the end. */
    readonly every?: number | undefined;
    readonly splits: readonly {
      readonly split: SplitName;
      readonly examples: number | 'all';
    }[];
    /** Keep what every variant says of every evaluated test example at the end of a trial. Absent: no. */
    readonly predictions?: boolean | undefined;
  };
  readonly network: { readonly layers: readonly LayerSpec[] };
  readonly variants: Readonly<Record<string, VariantConfig>>;
  readonly baseline: string;
  readonly pairing: { readonly init: Pairing; readonly dropout: Pairing };
  /** Unsigned 32-bit or larger safe integers, unique. */
  readonly seeds: readonly number[];
  readonly checkpoint: {
    /** Steps between checkpoints; absent: only at the end (and when interrupted). */
    readonly every?: number | undefined;
    /** How many of the newest checkpoints stay. */
    readonly keep: number;
    /** Also write step 0, which `keep` never removes. */
    readonly initial: boolean;
  };
  readonly decision: {
    /** What the verdict is about, for instance `test.accuracy`. */
    readonly metric: string;
    readonly alpha: number;
    /** Equivalence margin in the metric's unit. */
    readonly margin: number;
    /** Planned number of pairs; the verdict is provisional before. Absent: the number of seeds. */
    readonly pairs?: number | undefined;
  };
  readonly sweep?: SweepConfig | undefined;
}

/** `shared`: common random numbers for all variants; `independent`: a stream per variant name. */
export type Pairing = 'shared' | 'independent';

export interface VariantConfig {
  readonly label: string;
  /** The variant's line in the figure's legend. Absent: `Loss <label>`. */
  readonly legend?: string | undefined;
  readonly input: InputScaling;
  readonly activation: ActivationName;
  readonly init: InitializerName;
  readonly dropout: { readonly kind: DropoutKind; readonly rate: number };
  /** Replaces the shared network. */
  readonly network?: { readonly layers: readonly LayerSpec[] } | undefined;
  /** Overrides single keys of the shared optimizer. */
  readonly optimizer?: Partial<OptimizerSpec> | undefined;
}

/**
 * One swept path: a list of values, or a distribution (random search only); or, under a name of its
 * own, paths that vary `together`: a list of maps, each from dotted path to value. A path that only
 * some of them set has the configuration's own value in the others.
 */
export type SweepParameter =
  | { readonly values: readonly unknown[] }
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly logUniform: readonly [low: number, high: number] }
  | { readonly int: readonly [low: number, high: number] }
  | { readonly together: readonly Readonly<Record<string, unknown>>[] };

/** What varies, by dotted path, or for `together` by a name. */
export type SweepSpace = Readonly<Record<string, SweepParameter>>;

export interface SweepConfig {
  readonly method: 'grid' | 'random';
  /** Number of points; random search only. */
  readonly samples?: number | undefined;
  readonly seed: number;
  /** One space or several, each with parameters that the others need not have. */
  readonly parameters: SweepSpace | readonly SweepSpace[];
}
