import { tf } from '../tf.js';
import type { Rank, Scalar, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
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
import type { Engine } from '../engines/engine.js';
import { createExamples } from '../examples.js';
import type { ScaledExamples, TakeExamples } from '../examples.js';
import { buildObjective } from '../model/objective.js';
import type { Objective } from '../model/objective.js';
import type { MetricSums, Outputs } from '../model/metrics/metric.js';
import { metricSumsNamed } from '../model/metrics/registry.js';
import { predictionsOf } from '../model/predictions.js';
import { buildNetwork, forward } from '../model/network.js';
import type { Step, TrainingPass } from '../model/layers/op.js';
import { Optimizer } from '../model/optimizer.js';
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
    this.#step = task.restore?.step ?? 0;
    if (task.restore !== undefined) this.#restore(task.restore.tensors);
  }

  describe(): OpenReply {
    const parameters = this.#trainable().reduce((sum, [, { size }]) => sum + size, 0);
    return { engine: this.#engine.describe(), parameters };
  }

  /** One optimizer update, then, if asked for, an evaluation on the same minibatch. */
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
    return tf.tidy(() => {
      const { inputs, targets } = this.#upload(examples);
      const startedAt = performance.now();
      const trained = this.#train(inputs, targets, { step, learningRate }, evaluate);
      this.#step = step;
      const trainedAt = performance.now();
      const { sums } = trained ?? this.#measure(inputs, targets, this.#minibatchMetrics);
      const evaluatedAt = performance.now();
      return {
        step,
        examples: indices.length,
        sums,
        indicesDigest,
        targetsDigest,
        inputDigest,
        trainMs: trainedAt - startedAt,
        evalMs: evaluatedAt - trainedAt,
      };
    });
  }

  evaluate({ split, indices, ...asked }: EvaluateTask): EvaluateReply {
    const examples = this.#examples(split, indices);
    const measured = tf.tidy(() => {
      const { inputs, targets } = this.#upload(examples);
      return this.#measure(inputs, targets, this.#metrics, asked);
    });
    return { examples: indices.length, ...measured };
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
  #upload({ inputs, targets }: ScaledExamples): { inputs: Tensor4D; targets: Tensor } {
    const { input, outputs } = this.#task.network;
    const areClasses = targets instanceof Int32Array;
    const examples = areClasses ? targets.length : targets.length / outputs;
    return {
      inputs: tf.tensor<Rank>(inputs, [examples, ...input]) as Tensor4D,
      targets: areClasses
        ? tf.tensor1d(targets, 'int32')
        : tf.tensor2d(targets, [examples, outputs], 'float32'),
    };
  }

  /** @returns the training pass's own sums, unless an evaluation follows */
  #train(
    inputs: Tensor4D,
    targets: Tensor,
    { step, learningRate }: Pick<StepTask, 'step' | 'learningRate'>,
    evaluationFollows: boolean,
  ): { sums: Sums } | undefined {
    return tf.tidy(() => {
      let sums: Sums = {};
      const updates: [Variable, Tensor][] = [];
      const lossOf = (): Scalar => {
        const outputs = this.#forward(inputs, this.#trainingPass(step, updates));
        // Read here: the outputs are gone when the gradients are there.
        if (!evaluationFollows) sums = sumUp(this.#minibatchMetrics, { outputs, targets });
        return this.#objective(outputs, targets);
      };
      const trainable = this.#trainable();
      const variables = trainable.map(([, variable]) => variable);
      const { value, grads } = tf.variableGrads(lossOf, variables);
      const gradients = trainable.map(([name, variable]) => [name, grads[variable.name]!] as const);
      this.#optimizer.update(new Map(gradients), step, learningRate);
      for (const [parameter, value] of updates) {
        parameter.assign(value);
        value.dispose();
      }
      return evaluationFollows ? undefined : { sums: { ...lossSum(value, targets), ...sums } };
    });
  }

  #measure(
    inputs: Tensor4D,
    targets: Tensor,
    metrics: readonly MetricSums[],
    asked: Pick<EvaluateTask, 'predict' | 'outputs'> = {},
  ): Omit<EvaluateReply, 'examples'> {
    return tf.tidy(() => {
      const outputs = this.#forward(inputs);
      const loss = lossSum(this.#objective(outputs, targets), targets);
      return {
        sums: { ...loss, ...sumUp(metrics, { outputs, targets }) },
        ...(asked.predict === true && predictionsOf(outputs)),
        ...(asked.outputs === true && {
          outputs: Float32Array.from(outputs.dataSync<'float32'>()),
        }),
      };
    });
  }

  #forward(inputs: Tensor4D, training?: TrainingPass): Tensor2D {
    return forward(this.#network, { engine: this.#engine, inputs, training });
  }

  /** @param updates gets the parameters that layers replace themselves, with their values */
  #trainingPass(step: number, updates: [Variable, Tensor][]): TrainingPass {
    const { seeds } = this.#task;
    return {
      // `| 0`: the seed is an int32 that wraps, as TensorFlow's does.
      uniform: (shape, stream) =>
        this.#engine.statelessUniform(shape, [seeds.dropout, (step * streamsPerStep + stream) | 0]),
      update: (parameter, value) => updates.push([parameter, tf.keep(value)]),
    };
  }
}

function sumUp(metrics: readonly MetricSums[], results: Outputs): Sums {
  return Object.assign({}, ...metrics.map((sums) => sums(results))) as Sums;
}

/** The objective is a mean over the examples. */
function lossSum(mean: Scalar, { shape }: Tensor): Sums {
  return { loss: mean.dataSync()[0]! * shape[0] };
}
