import { tf } from '../tf.js';
import type { Scalar, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { inferShapes } from '../../src/model/network.js';
import type { LayerShape } from '../../src/model/network.js';
import { digest } from '../../src/protocol/digest.js';
import { LockstepError } from '../../src/protocol/index.js';
import type {
  EvaluateReply,
  EvaluateTask,
  MemoryReply,
  OpenReply,
  OpenTask,
  SaveReply,
  StepReply,
  StepTask,
  TensorMap,
} from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';
import { createExamples } from '../examples.js';
import type { ScaledExamples, TakeExamples } from '../examples.js';
import { dropout } from '../model/dropout.js';
import { forward } from '../model/network.js';
import type { Dropout } from '../model/network.js';
import { assignVariable, createParameters, readVariable } from '../model/parameters.js';
import type { Parameters } from '../model/parameters.js';
import { Sgd } from '../model/sgd.js';

/** Seeds of one step's dropout layers lie this far from those of the next. */
const dropoutLayersPerStep = 64;

/** One variant's network, optimizer and place in the run, on one thread's engine. */
export class Session {
  readonly #engine: Engine;
  readonly #task: OpenTask;
  readonly #shapes: readonly LayerShape[];
  readonly #parameters: Parameters;
  readonly #optimizer: Sgd;
  readonly #examples: TakeExamples;
  #step: number;

  /** @throws LockstepError `usage` when the layers do not fit, `data` when restored tensors do not */
  constructor(engine: Engine, task: OpenTask) {
    this.#engine = engine;
    this.#task = task;
    this.#examples = createExamples(task);
    this.#shapes = inferShapes(task.variant.layers, task.imageShape);
    this.#parameters = createParameters(
      this.#shapes,
      task.variant.init,
      task.seeds.init,
      engine.denseKernels,
    );
    this.#optimizer = new Sgd(engine, task.variant.optimizer, this.#parameters.variables);
    this.#step = task.restore?.step ?? 0;
    if (task.restore !== undefined) this.#restore(task.restore.tensors);
  }

  describe(): OpenReply {
    const variables = [...this.#parameters.variables.values()];
    const parameters = variables.reduce((sum, { size }) => sum + size, 0);
    return { engine: this.#engine.describe(), parameters };
  }

  /** One optimizer update, then, if asked for, an evaluation on the same minibatch. */
  step({ step, indices, evaluate }: StepTask): StepReply {
    if (step !== this.#step + 1) {
      throw new LockstepError(
        'worker',
        `variant ${this.#task.variant.name}: expected step ${this.#step + 1}, got step ${step}`,
        { hint: 'Steps were lost or repeated; resume the trial from its last checkpoint.' },
      );
    }
    const indicesDigest = digest(indices);
    const examples = this.#examples('train', indices);
    const inputDigest = digest(examples.inputs);
    return tf.tidy(() => {
      const { inputs, labels } = this.#upload(examples);
      const startedAt = performance.now();
      const trained = this.#train(inputs, labels, step, evaluate);
      this.#step = step;
      const trainedAt = performance.now();
      const { loss, accuracy } = trained ?? this.#measure(inputs, labels);
      const evaluatedAt = performance.now();
      return {
        step,
        loss,
        accuracy,
        indicesDigest,
        inputDigest,
        trainMs: trainedAt - startedAt,
        evalMs: evaluatedAt - trainedAt,
      };
    });
  }

  evaluate({ split, indices, predict = false }: EvaluateTask): EvaluateReply {
    const examples = this.#examples(split, indices);
    const { loss, accuracy, predictions } = tf.tidy(() => {
      const { inputs, labels } = this.#upload(examples);
      return this.#measure(inputs, labels, predict);
    });
    return {
      examples: indices.length,
      lossSum: loss * indices.length,
      correct: Math.round(accuracy * indices.length),
      ...(predictions && { predictions }),
    };
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
    return [
      ...this.#parameters.variables,
      ...[...this.#optimizer.velocities].map(([name, velocity]): [string, Variable] => [
        `optimizer.momentum.${name}`,
        velocity,
      ]),
    ];
  }

  /** Tensors of examples, to be disposed of before the next are taken: engines read the arrays late. */
  #upload({ inputs, labels }: ScaledExamples): { inputs: Tensor4D; labels: Tensor1D } {
    return {
      inputs: tf.tensor4d(inputs, [labels.length, ...this.#task.imageShape]),
      labels: tf.tensor1d(labels, 'int32'),
    };
  }

  /** @returns the training pass's own metrics, unless an evaluation follows */
  #train(
    inputs: Tensor4D,
    labels: Tensor1D,
    step: number,
    evaluationFollows: boolean,
  ): { loss: number; accuracy: number } | undefined {
    return tf.tidy(() => {
      let accuracy = NaN;
      const lossOf = (): Scalar => {
        const logits = this.#forward(inputs, this.#dropout(step));
        // Read here: the logits are gone when the gradients are there.
        if (!evaluationFollows) accuracy = accuracyOf(logits, labels);
        return this.#engine.softmaxCrossEntropy(logits, labels);
      };
      const { value, grads } = tf.variableGrads(lossOf, [...this.#parameters.variables.values()]);
      for (const [name, parameter] of this.#parameters.variables) {
        this.#optimizer.update(name, parameter, grads[parameter.name]!);
      }
      return evaluationFollows ? undefined : { loss: value.dataSync()[0]!, accuracy };
    });
  }

  #measure(
    inputs: Tensor4D,
    labels: Tensor1D,
    predict = false,
  ): { loss: number; accuracy: number; predictions: Uint8Array | undefined } {
    return tf.tidy(() => {
      const logits = this.#forward(inputs);
      const loss = this.#engine.softmaxCrossEntropy(logits, labels).dataSync()[0]!;
      const predictions = predict ? Uint8Array.from(tf.argMax(logits, 1).dataSync()) : undefined;
      return { loss, accuracy: accuracyOf(logits, labels), predictions };
    });
  }

  #forward(inputs: Tensor4D, drop?: Dropout): Tensor2D {
    const { variant } = this.#task;
    return forward(inputs, {
      engine: this.#engine,
      variant,
      shapes: this.#shapes,
      weights: this.#parameters.weights,
      dropout: drop,
    });
  }

  #dropout(step: number): Dropout {
    const { variant, seeds } = this.#task;
    return (x, index, rate) => {
      if (rate === 0) return x;
      // `| 0`: the seed is an int32 that wraps, as TensorFlow's does.
      const seed = [seeds.dropout, (step * dropoutLayersPerStep + index) | 0] as const;
      return dropout(x, this.#engine.statelessUniform(x.shape, seed), variant.dropout.kind, rate);
    };
  }
}

/** Fraction of the examples whose largest logit is the label's. */
function accuracyOf(logits: Tensor2D, labels: Tensor1D): number {
  const correct = tf.equal(tf.argMax(logits, 1), labels);
  return tf.mean(tf.cast(correct, 'float32')).dataSync()[0]!;
}
