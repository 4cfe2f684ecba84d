import type { LayerSpec } from './layers.js';
import type { ObjectiveSpec } from './objectives.js';
import type { OptimizerSpec } from './optimizers.js';

/** What every variant has, with all settings: those that are shared or left out are filled in. */
interface CommonSettings {
  /** The key under `variants` in the configuration; also its name in logs and files. */
  readonly name: string;
  /** Its name for people, for instance `ReLU`. */
  readonly label: string;
  /** The variant's line in the figure's legend. Absent: `Loss <label>`. */
  readonly legend?: string | undefined;
  /** Names how its inputs are scaled, for instance `raw`. */
  readonly input: string;
  /** Parts of equal size that it takes each minibatch in, with an update on each; mostly 1. */
  readonly updatesPerStep: number;
  readonly optimizer: OptimizerSpec;
  readonly objective: ObjectiveSpec;
}

/** What a program gets of every minibatch: `none` where it reads its own data. */
export const feeds = ['positions', 'examples', 'none'] as const;
export type Feed = (typeof feeds)[number];

/** A program that trains a variant; docs/programs.md has its protocol. */
export interface ProgramSettings {
  /** The program and its arguments; files among them are absolute. No shell reads it. */
  readonly command: readonly string[];
  /** The user's own, for the program alone. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly feed: Feed;
  /** Seconds that any answer may take. */
  readonly timeout: number;
}

/** A module that trains a variant in its thread; docs/modules.md has its interface. */
export interface ModuleSettings {
  /** Absolute. */
  readonly path: string;
  /** The user's own, for the module alone. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A variant with a network of Lockstep's layers. */
export interface NetworkVariant extends CommonSettings {
  readonly layers: readonly LayerSpec[];
  readonly module?: undefined;
  readonly program?: undefined;
}

/** A variant whose network is a module of the user's. */
export interface ModuleVariantSpec extends CommonSettings {
  readonly module: ModuleSettings;
  readonly program?: undefined;
}

/** A variant that a program of the user's trains: nothing is known of its network. */
export interface ProgramVariant extends CommonSettings {
  readonly program: ProgramSettings;
  readonly module?: undefined;
}

/** What is trained in a thread. */
export type ThreadVariant = NetworkVariant | ModuleVariantSpec;

/** One variant. */
export type VariantSpec = ThreadVariant | ProgramVariant;

export function isNetwork(variant: VariantSpec): variant is NetworkVariant {
  return variant.program === undefined && variant.module === undefined;
}

export function isModule(variant: VariantSpec): variant is ModuleVariantSpec {
  return variant.module !== undefined;
}

export function isProgram(variant: VariantSpec): variant is ProgramVariant {
  return variant.program !== undefined;
}
