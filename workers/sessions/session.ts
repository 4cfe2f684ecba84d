import { tf } from '../tf.js';
import type { Rank } from '@tensorflow/tfjs-core';
import { addSums } from '../../src/protocol/sums.js';
import { digest } from '../../src/protocol/digest.js';
import { LockstepError, streamsPerStep } from '../../src/protocol/index.js';
import type {
  EvaluateReply,
  EvaluateTask,
  MemoryReply,
  OpenReply,
  OpenTask,
  SaveReply,
  StepReply,
  StepTask,
  Sums,
} from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import { createExamples, splitExamples } from '../examples.js';
import type { ScaledExamples, TakeExamples } from '../examples.js';
import type { MetricSums, Outputs } from '../model/metrics/metric.js';
import { metricSumsNamed } from '../model/metrics/registry.js';
import { predictionsOf } from '../model/predictions.js';
import type { Batch, Measured, Model } from './model.js';
import { networkModel } from './network.js';

/** One variant's network, optimizer and place in the run, on one thread's engine. */
export class Session {
  readonly #engine: Engine;
  readonly #task: OpenTask;
  readonly #model: Model;
  readonly #examples: TakeExamples;
  readonly #metrics: readonly MetricSums[];
  readonly #minibatchMetrics: readonly MetricSums[];
  #step: number;

  /**
   * @throws LockstepError `data` when restored tensors do not fit, `module` when the variant's module cannot be
   * used
   */
  static async open(engine: Engine, task: OpenTask): Promise<Session> {
    const model = await openModel(engine, task);
    try {
      if (task.restore !== undefined) await model.restore(task.restore.tensors);
      return new Session(engine, task, model);
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  private constructor(engine: Engine, task: OpenTask, model: Model) {
    this.#engine = engine;
    this.#task = task;
    this.#model = model;
    this.#examples = createExamples(task);
    const { targets: kind } = task.network.objective;
    this.#metrics = metricSumsNamed(task.metrics, kind);
    this.#minibatchMetrics = metricSumsNamed(task.minibatchMetrics, kind);
    this.#step = task.restore?.step ?? 0;
  }

  describe(): OpenReply {
    return { engine: this.#engine.describe(), parameters: this.#model.parameters };
  }

  /**
   * One optimizer update, or one on each part of the minibatch; then, if asked for, an evaluation on the whole
   * of it.
   */
  step({ step, indices, evaluate, learningRate }: StepTask): StepReply {
    if (step !== this.#step + 1) {
      throw new LockstepError(
        'worker',
        `variant ${this.#task.variant.name}: expected step ${this.#step + 1}, got step ${step}`,
        { hint: 'Steps were lost or repeated; resume the trial from its last checkpoint.' },
      );
    }
    const indicesDigest = digest(indices);
    const examples = this.#examples('train', indices, step);
    const targetsDigest = digest(examples.targets);
    const inputDigest = digest(examples.inputs);
    const parts = splitExamples(examples, this.#task.variant.updatesPerStep);
    return tf.tidy(() => {
      const batches = parts.map((part) => this.#upload(part));
      const startedAt = performance.now();
      const trained = batches.map((part, index) =>
        this.#train(part, (step - 1) * parts.length + index + 1, learningRate),
      );
      const sums = evaluate
        ? undefined
        : parts
            .map((part, index) => this.#sums(trained[index]!, part, this.#minibatchMetrics))
            .reduce(addSums);
      this.#step = step;
      const trainedAt = performance.now();
      const measured =
        sums ??
        this.#sums(
          this.#model.measure(parts.length === 1 ? batches[0]! : this.#upload(examples)),
          examples,
          this.#minibatchMetrics,
        );
      const evaluatedAt = performance.now();
      return {
        step,
        examples: indices.length,
        sums: measured,
        indicesDigest,
        targetsDigest,
        inputDigest,
        trainMs: trainedAt - startedAt,
        evalMs: evaluatedAt - trainedAt,
      };
    });
  }

  evaluate({ split, indices, predict, outputs }: EvaluateTask): EvaluateReply {
    const examples = this.#examples(split, indices);
    return tf.tidy(() => {
      const measured = this.#model.measure(this.#upload(examples));
      return {
        examples: indices.length,
        sums: this.#sums(measured, examples, this.#metrics),
        ...(predict === true && predictionsOf(this.#resultsOf(measured, examples))),
        // Copied: some engines give a view of their own memory.
        ...(outputs === true && {
          outputs: Float32Array.from(this.#resultsOf(measured, examples).outputs),
        }),
      };
    });
  }

  async save(): Promise<SaveReply> {
    return { step: this.#step, tensors: await this.#model.save() };
  }

  memory(): MemoryReply {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes };
  }

  close(): void {
    this.#model.dispose();
  }

  /** Tensors of examples, to be disposed of before the next are taken: engines read the arrays late. */
  #upload({ inputs, targets }: ScaledExamples): Batch {
    const { input, outputs } = this.#task.network;
    const areClasses = targets instanceof Int32Array;
    const examples = areClasses ? targets.length : targets.length / outputs;
    return {
      inputs: tf.tensor<Rank>(inputs, [examples, ...input]),
      targets: areClasses
        ? tf.tensor1d(targets, 'int32')
        : tf.tensor2d(targets, [examples, outputs], 'float32'),
    };
  }

  /** @param update counted from 1 */
  #train(batch: Batch, update: number, learningRate: number | undefined): Measured {
    const seed = updateSeed(this.#task.seeds.dropout, update);
    return this.#model.train(batch, { update, learningRate, seed });
  }

  /** @param examples whose results were measured */
  #sums(measured: Measured, examples: ScaledExamples, metrics: readonly MetricSums[]): Sums {
    const count = examples.inputs.length / this.#width;
    // The objective is a mean over the examples.
    const sums: Sums = { loss: measured.loss.dataSync()[0]! * count };
    if (metrics.length === 0) return sums;
    const results = this.#resultsOf(measured, examples);
    return Object.assign(sums, ...metrics.map((sumsOf) => sumsOf(results))) as Sums;
  }

  get #width(): number {
    return this.#task.network.input.reduce((product, length) => product * length, 1);
  }

  #resultsOf({ outputs }: Measured, { targets }: ScaledExamples): Outputs {
    if (outputs === undefined) throw withoutOutputs(this.#task.variant.name);
    return { outputs: outputs.dataSync<'float32'>(), width: outputs.shape[1], targets };
  }
}

/** The error of a module that is to be measured by more than its loss. */
export function withoutOutputs(variant: string): LockstepError {
  return new LockstepError(
    'module',
    `variant ${variant}: expected outputs beside the loss, from which the metrics are made, got none`,
    { hint: 'Return them, or set evaluation.metrics to [] to measure nothing but the loss.' },
  );
}

/** The seed of an update's first random stream. */
export function updateSeed(dropout: number, update: number) {
  // `| 0`: the seed is an int32 that wraps, as TensorFlow's does.
  return tf.tensor1d([dropout, (update * streamsPerStep) | 0], 'int32');
}

/** Code for modules is loaded only where there is one. */
async function openModel(engine: Engine, task: OpenTask): Promise<Model> {
  if (task.module === undefined) return networkModel(engine, task);
  const { moduleModel } = await import('./module.js');
  return moduleModel(engine, { ...task, module: task.module });
}
