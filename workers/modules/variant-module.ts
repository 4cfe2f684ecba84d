import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { tf as tensorflow } from '../tf.js';
import type { ActivationConfig } from '../../src/model/activations.js';
import type { InitializerConfig } from '../../src/model/initializers.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import type { EngineName, TargetKind } from '../../src/protocol/index.js';

/*
 * The interface of modules, which docs/modules.md describes: types alone, so that a module needs nothing of Lockstep
 * when it runs.
 */

/** What checks options: a schema of Zod 3.24 or later, Valibot, ArkType or another of https://standardschema.dev. */
export interface OptionsSchema<Options> {
  readonly '~standard': {
    readonly validate: (
      value: unknown,
    ) => CheckedOptions<Options> | Promise<CheckedOptions<Options>>;
  };
}

/** What a schema says of options. */
export type CheckedOptions<Options> =
  | { readonly value: Options; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

/** The default export of a module: makes the network of a variant. */
export interface VariantModule<Options = Readonly<Record<string, unknown>>> {
  /** Checks the variant's `options`, and may fill in defaults. Absent: they are taken as they are. */
  readonly options?: OptionsSchema<Options>;
  /** Called once for each trial, also when it is resumed: the variables get their values afterwards. */
  create(setup: ModuleSetup<Options>): ModuleVariant | Promise<ModuleVariant>;
}

/** What a module makes a network from. */
export interface ModuleSetup<Options> {
  /** TensorFlow.js on the run's engine. */
  readonly tf: typeof tensorflow;
  readonly engine: EngineName;
  /** The variant's, as the module's schema gives them. */
  readonly options: Options;
  /** Shape of the inputs of one example, for instance `[28, 28, 1]`. */
  readonly inputShape: readonly number[];
  /** What the targets are, as `training.objective` says: `[batch]` int32 classes, or `[batch, outputs]` float32. */
  readonly targets: TargetKind;
  /** How many outputs an example needs: one for each class, or each number of its target. */
  readonly outputs: number;
  /** Examples of an update. An evaluation may have others. */
  readonly batchSize: number;
  /** Of the whole training. */
  readonly steps: number;
  /** The variant's optimizer, which Lockstep applies unless the module has a `trainStep`. */
  readonly optimizer: OptimizerSpec;
  readonly random: ModuleRandom;
  /**
   * Lockstep's own layers, with their kernels: the same numbers, to the bit, as in a variant without a module.
   * Layers are numbered on from those of earlier calls, and draw their weights accordingly.
   * @param layers as in `network.layers`
   */
  readonly layers: (layers: readonly LayerSettings[], settings?: BlockSettings) => Promise<Block>;
}

/** A layer as in `network.layers`, for instance `{ kind: 'dense', units: 10 }`; docs/configuration.md has them all. */
export interface LayerSettings {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

export interface BlockSettings {
  /** Shape of one example. Default: that of the inputs. */
  readonly inputShape?: readonly number[];
  /** Of layers that name none. Default: linear. */
  readonly activation?: ActivationConfig;
  /** Of layers that name none. Default: he. */
  readonly init?: InitializerConfig;
  /** How the dropout layers drop. Default: standard, at a rate of 0. */
  readonly dropout?: { readonly kind?: 'standard' | 'alpha' | 'spatial'; readonly rate: number };
  /** Whether the last layer that weighs its inputs is linear unless it says otherwise. Default: true. */
  readonly givesLogits?: boolean;
}

/** Layers of Lockstep's, one after the other. */
export interface Block {
  /** By their names in checkpoints, for instance `layers.0.kernel`. Their axes may be those that the engine prefers. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** Shape of the output of one example. */
  readonly outputShape: readonly number[];
  /** @param x `[batch, ...inputShape]` float32 */
  forward(x: Tensor, pass: ForwardPass): Tensor;
}

/**
 * Random numbers that depend on the trial's seed and their place alone, so that trials can be repeated and resumed,
 * and variants share them. `Math.random` and TensorFlow.js's own random numbers can do neither.
 */
export interface ModuleRandom {
  /** int32 seeds of the variant's streams. */
  readonly seeds: { readonly init: number; readonly dropout: number };
  /**
   * Initial weights, of the `init` stream: those of a built-in layer at the same position.
   * @param shape `[...receptive field, in, out]`
   * @param position in place of the next one, from 0
   */
  readonly weights: (
    shape: readonly number[],
    init: InitializerConfig,
    position?: number,
  ) => Tensor;
  /** The number of a stream of the `dropout` seed for {@link ForwardPass.uniform}; there are 64. */
  readonly stream: () => number;
}

/** A forward pass. */
export interface ForwardPass {
  /** False in evaluations. */
  readonly training: boolean;
  /**
   * Numbers in [0, 1) that are drawn anew in each update, in training only.
   * @param stream of {@link ModuleRandom.stream}
   */
  uniform(shape: readonly number[], stream: number): Tensor;
  /** Gives a variable that is not trainable a value once the update is done; in training only. */
  assign(variable: Variable, value: Tensor): void;
}

/** A network that Lockstep trains: it computes gradients, applies the optimizer and measures. */
export interface ForwardVariant {
  /** All of its variables by their names in checkpoints, trainable or not; float32. */
  readonly variables: Readonly<Record<string, Variable>>;
  /**
   * @param inputs `[batch, ...inputShape]` float32
   * @returns `[batch, outputs]` float32: logits of classes or labels, or numbers
   */
  forward(inputs: Tensor, pass: ForwardPass): Tensor;
  /**
   * What is minimized instead of `training.objective`, and logged as the loss.
   * @returns the mean over the examples
   */
  readonly loss?: ((outputs: Tensor2D, targets: Tensor) => Scalar) | undefined;
  /**
   * Whether `forward` and `loss` do the same operations each time, so that the native engine may make one function of
   * a step. They can then neither read values nor branch on them. Default: false.
   */
  readonly compile?: boolean | undefined;
}

/** Examples. */
export interface ModuleBatch {
  /** `[batch, ...inputShape]` float32 */
  readonly inputs: Tensor;
  /** `[batch]` int32 classes, or `[batch, outputs]` float32 */
  readonly targets: Tensor;
}

/** One update of a variant that trains itself. */
export interface TrainTask {
  /** Counted from 1, over all steps. */
  readonly update: number;
  /** As the variant's optimizer and its schedule say. */
  readonly learningRate: number;
  /** As {@link ForwardPass.uniform}. */
  readonly uniform: (shape: readonly number[], stream: number) => Tensor;
}

/** What a variant that trains itself found. */
export interface ModuleResult {
  /** Mean over the examples. */
  readonly loss: Scalar;
  /** `[batch, outputs]` float32, from which Lockstep makes the metrics. Needed unless the loss is all that is measured. */
  readonly outputs?: Tensor | undefined;
}

type SavedTensors = Readonly<Record<string, Tensor>>;

/** A network that trains and evaluates itself. */
export interface CustomVariant {
  /** All that changes from step to step by its names in checkpoints; float32. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** One update, with what its forward pass gave before it. Tensors are disposed of afterwards unless kept. */
  trainStep(batch: ModuleBatch, task: TrainTask): ModuleResult;
  /** In inference. */
  evaluate(batch: ModuleBatch): ModuleResult;
  /** State that is in no variable of the module's, as that of an optimizer of TensorFlow.js: float32, by name. */
  readonly save?: (() => SavedTensors | Promise<SavedTensors>) | undefined;
  /** Takes back what {@link save} gave. */
  readonly restore?: ((tensors: SavedTensors) => void | Promise<void>) | undefined;
}

/** What a module makes. */
export type ModuleVariant = ForwardVariant | CustomVariant;
