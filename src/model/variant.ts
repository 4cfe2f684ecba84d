import type { LayerSpec } from './layers.js';
import type { ObjectiveSpec } from './objectives.js';
import type { OptimizerSpec } from './optimizers.js';

/** One variant with all its settings: those that are shared or left out are filled in. */
export interface VariantSpec {
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
  readonly layers: readonly LayerSpec[];
  readonly optimizer: OptimizerSpec;
  readonly objective: ObjectiveSpec;
}
