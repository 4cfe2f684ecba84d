import type { OptimizerSpec } from '../../../src/model/optimizers.js';
import type { Engine, Update } from '../../engines/engine.js';

/** Computes a kind of optimizer, which the file of the same name in `src/model/optimizers` describes. */
export interface OptimizerOp<Kind extends OptimizerSpec['kind']> {
  /**
   * The one number that differs from step to step; the learning rate itself if absent.
   * @param step counted from 1
   * @param learningRate of this step
   */
  readonly rate?: (step: number, learningRate: number, spec: SpecOf<Kind>) => number;
  /** The update where the engine has none of its own. Called in a tidy scope. */
  readonly update: (update: Update, spec: SpecOf<Kind>, engine: Engine) => void;
}

type SpecOf<Kind> = Extract<OptimizerSpec, { readonly kind: Kind }>;
