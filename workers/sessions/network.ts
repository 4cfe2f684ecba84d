import { tf } from '../tf.js';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
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
  TensorMap,
} from '../../src/protocol/index.js';
import type { Computation, Engine } from '../engines/engine.js';
import { createExamples, splitExamples } from '../examples.js';
import type { ScaledExamples, TakeExamples } from '../examples.js';
import { buildObjective } from '../model/objective.js';
import type { Objective } from '../model/objective.js';
import type { MetricSums, Outputs } from '../model/metrics/metric.js';
import { metricSumsNamed } from '../model/metrics/registry.js';
import { predictionsOf } from '../model/predictions.js';
import { buildNetwork, forward } from '../model/network.js';
import type { Step, TrainingPass } from '../model/layers/op.js';
import { Optimizer } from '../model/optimizer.js';
import type { Rates } from '../model/optimizer.js';
import { assignVariable, createParameters, readVariable } from '../model/parameters.js';

/** One variant's network, optimizer and place in the run, on one thread's engine. */
export class Session {
  readonly #engine: Engine;
  readonly #task: OpenTask;
  readonly #parameters: ReadonlyMap<string, Variable>;
  readonly #network: readonly Step[];
  readonly #objective: Objective;
  readonly #optimizer: Optimizer;
  readonly #examples: TakeExamples;
  readonly #metrics: readonly MetricSums[];
  readonly #minibatchMetrics: readonly MetricSums[];
  readonly #compiled: Readonly<Record<'train' | 'measure', Computation>>;
  #step: number;

  /** @throws LockstepError `data` when restored tensors do not fit */
  constructor(engine: Engine, task: OpenTask) {
    this.#engine = engine;
    this.#task = task;
    this.#examples = createExamples(task);
    const { targets: kind } = task.network.objective;
    this.#metrics = metricSumsNamed(task.metrics, kind);
    this.#minibatchMetrics = metricSumsNamed(task.minibatchMetrics, kind);
    this.#parameters = createParameters(task.network, task.seeds.init, engine.denseKernels);
    this.#network = buildNetwork(task.network, this.#parameters);
    this.#objective = buildObjective(engine, task.network.objective);
    this.#optimizer = new Optimizer(engine, task.network.optimizer, this.#parameters);
    const parameters = [...this.#parameters.values()];
    this.#compiled = {
      train: engine.compile([...parameters, ...this.#optimizer.variables.values()], (inputs) =>
        tf.tidy(() => this.#trainOnce(inputs)),
      ),
      measure: engine.compile(parameters, (inputs) => tf.tidy(() => this.#measureOnce(inputs))),
    };
    this.#step = task.restore?.step ?? 0;
    if (task.restore !== undefined) this.#restore(task.restore.tensors);
  }

  describe(): OpenReply {
    const parameters = this.#trainable().reduce((sum, [, { size }]) => sum + size, 0);
    return { engine: this.#engine.describe(), parameters };
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
      const tensors = parts.map((part) => this.#upload(part));
      const startedAt = performance.now();
      const trained = tensors.map((part, index) =>
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
          this.#measure(parts.length === 1 ? tensors[0]! : this.#upload(examples)),
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
      const measured = this.#measure(this.#upload(examples));
      const results = resultsOf(measured, examples);
      return {
        examples: indices.length,
        sums: this.#sums(measured, examples, this.#metrics),
        ...(predict === true && predictionsOf(results)),
        // Copied: some engines give a view of their own memory.
        ...(outputs === true && { outputs: Float32Array.from(results.outputs) }),
      };
    });
  }

  save(): SaveReply {
    const tensors = this.#saved().map(([name, variable]) => [
      name,
      readVariable(variable, this.#engine.denseKernels),
    ]);
    return { step: this.#step, tensors: Object.fromEntries(tensors) as TensorMap };
  }

  memory(): MemoryReply {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes };
  }

  close(): void {
    for (const [, variable] of this.#saved()) variable.dispose();
  }

  #restore(tensors: TensorMap): void {
    try {
      for (const [name, variable] of this.#saved()) {
        assignVariable(variable, name, tensors, this.#engine.denseKernels);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Everything a checkpoint holds, by name. */
  #saved(): [string, Variable][] {
    return [...this.#parameters, ...this.#optimizer.variables];
  }

  #trainable(): [string, Variable][] {
    return [...this.#parameters].filter(([, { trainable }]) => trainable);
  }

  /** Tensors of examples, to be disposed of before the next are taken: engines read the arrays late. */
  #upload({ inputs, targets }: ScaledExamples): [inputs: Tensor, targets: Tensor] {
    const { input, outputs } = this.#task.network;
    const areClasses = targets instanceof Int32Array;
    const examples = areClasses ? targets.length : targets.length / outputs;
    return [
      tf.tensor<Rank>(inputs, [examples, ...input]),
      areClasses
        ? tf.tensor1d(targets, 'int32')
        : tf.tensor2d(targets, [examples, outputs], 'float32'),
    ];
  }

  /** @param update counted from 1 */
  #train(examples: readonly Tensor[], update: number, learningRate: number | undefined): Measured {
    const { dropout } = this.#task.seeds;
    // `| 0`: the seed is an int32 that wraps, as TensorFlow's does.
    const seed = tf.tensor1d([dropout, (update * streamsPerStep) | 0], 'int32');
    const rates = this.#optimizer.rates(update, learningRate);
    return this.#compiled.train([...examples, seed, ...rates]) as Measured;
  }

  #measure(examples: readonly Tensor[]): Measured {
    return this.#compiled.measure(examples) as Measured;
  }

  /** An update of everything. */
  #trainOnce([inputs, targets, seed, ...rates]: readonly Tensor[]): Measured {
    // Kept past the gradients, which dispose of all that was made for them.
    let outputs: Tensor2D | undefined;
    const updates: [Variable, Tensor][] = [];
    const lossOf = (): Scalar => {
      outputs = tf.keep(this.#forward(inputs!, this.#trainingPass(seed as Tensor1D, updates)));
      return this.#objective(outputs, targets!);
    };
    try {
      const trainable = this.#trainable();
      const variables = trainable.map(([, variable]) => variable);
      const { value, grads } = tf.variableGrads(lossOf, variables);
      const gradients = trainable.map(([name, variable]) => [name, grads[variable.name]!] as const);
      this.#optimizer.update(new Map(gradients), rates as unknown as Rates);
      for (const [parameter, replaced] of updates) parameter.assign(replaced);
      return [value, tf.clone(outputs!)];
    } finally {
      tf.dispose([...(outputs ? [outputs] : []), ...updates.map(([, replaced]) => replaced)]);
    }
  }

  #measureOnce([inputs, targets]: readonly Tensor[]): Measured {
    const outputs = this.#forward(inputs!);
    return [this.#objective(outputs, targets!), outputs];
  }

  #forward(inputs: Tensor, training?: TrainingPass): Tensor2D {
    return forward(this.#network, { engine: this.#engine, inputs, training });
  }

  /** @param updates gets the parameters that layers replace themselves, with their values */
  #trainingPass(seed: Tensor1D, updates: [Variable, Tensor][]): TrainingPass {
    return {
      uniform: (shape, stream) => {
        const own = tf.add<Tensor1D>(seed, tf.tensor1d([0, stream], 'int32'));
        return this.#engine.statelessUniform(shape, own);
      },
      update: (parameter, value) => updates.push([parameter, tf.keep(value)]),
    };
  }

  /** @param examples whose results were measured */
  #sums(measured: Measured, examples: ScaledExamples, metrics: readonly MetricSums[]): Sums {
    const [loss, { shape }] = measured;
    // The objective is a mean over the examples.
    const sums: Sums = { loss: loss.dataSync()[0]! * shape[0] };
    if (metrics.length === 0) return sums;
    const results = resultsOf(measured, examples);
    return Object.assign(sums, ...metrics.map((sumsOf) => sumsOf(results))) as Sums;
  }
}

/** What a pass gives: the mean loss, and the outputs for each example. */
type Measured = [loss: Scalar, outputs: Tensor2D];

function resultsOf([, outputs]: Measured, { targets }: ScaledExamples): Outputs {
  return { outputs: outputs.dataSync<'float32'>(), width: outputs.shape[1], targets };
}
