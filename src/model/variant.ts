import type { InputScaling } from '../protocol/data.js';
import type { LayerSpec } from './layers.js';
import type { OptimizerSpec } from './optimizers.js';

/** What one variant is and trains with, everything that is shared or left out filled in. */
export interface VariantSpec {
  /** The key under `variants` in the configuration; also its name in logs and files. */
  readonly name: string;
  /** What people read, for instance `ReLU`. */
  readonly label: string;
  /** The variant's line in the figure's legend. Absent: `Loss <label>`. */
  readonly legend?: string | undefined;
  readonly input: InputScaling;
  readonly layers: readonly LayerSpec[];
  readonly optimizer: OptimizerSpec;
}
