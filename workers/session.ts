import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { inferShapes } from '../src/network/shapes.js';
import type { LayerShape } from '../src/network/shapes.js';
import { digest, LockstepError } from '../src/protocol/index.js';
import type {
  BatchData,
  EvaluateReply,
  MemoryReply,
  OpenReply,
  OpenTask,
  SaveReply,
  StepReply,
  StepTask,
  TensorData,
  TensorMap,
} from '../src/protocol/index.js';
import type { Engine } from './engines/engine.js';
import { dropout } from './model/dropout.js';
import { drawWeights } from './model/initial-weights.js';
import { forward } from './model/network.js';
import type { Dropout, LayerWeights } from './model/network.js';
import { Sgd } from './model/sgd.js';

/** Seeds of one step's dropout layers lie this far from those of the next. */
const dropoutLayersPerStep = 64;

/** One variant's network, optimizer and place in the run, on one thread's engine. */
export class Session {
  readonly #engine: Engine;
  readonly #task: OpenTask;
  readonly #shapes: readonly LayerShape[];
  /** By name (`layers.0.kernel`), in the network's order. */
  readonly #parameters = new Map<string, Variable>();
  readonly #weights = new Map<number, LayerWeights>();
  readonly #optimizer: Sgd;
  #step: number;

  /** @throws LockstepError `usage` when the layers do not fit, `data` when restored tensors do not */
  constructor(engine: Engine, task: OpenTask) {
    this.#engine = engine;
    this.#task = task;
    this.#shapes = inferShapes(task.variant.layers, task.imageShape);
    this.#createParameters();
    this.#optimizer = new Sgd(engine, task.variant.optimizer, this.#parameters);
    this.#step = task.restore?.step ?? 0;
    if (task.restore !== undefined) this.#restore(task.restore.tensors);
  }

  describe(): OpenReply {
    const parameters = [...this.#parameters.values()].reduce((sum, { size }) => sum + size, 0);
    return { engine: this.#engine.describe(), parameters };
  }

  /** One optimizer update, then, if asked for, an evaluation on the same minibatch. */
  step({ step, batch, evaluate }: StepTask): StepReply {
    if (step !== this.#step + 1) {
      throw new LockstepError(
        'worker',
        `variant ${this.#task.variant.name}: expected step ${this.#step + 1}, got step ${step}`,
        { hint: 'Steps were lost or repeated; resume the trial from its last checkpoint.' },
      );
    }
    const indicesDigest = digest(batch.indices);
    const inputDigest = digest(batch.inputs);
    return tf.tidy(() => {
      const { inputs, labels } = this.#upload(batch);
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

  evaluate(batch: BatchData): EvaluateReply {
    const examples = batch.labels.length;
    const { loss, accuracy } = tf.tidy(() => {
      const { inputs, labels } = this.#upload(batch);
      return this.#measure(inputs, labels);
    });
    return { examples, lossSum: loss * examples, correct: Math.round(accuracy * examples) };
  }

  save(): SaveReply {
    const tensors: Record<string, TensorData> = {};
    for (const [name, variable] of this.#parameters) tensors[name] = read(variable);
    for (const [name, variable] of this.#optimizer.velocities) {
      tensors[velocityName(name)] = read(variable);
    }
    return { step: this.#step, tensors };
  }

  memory(): MemoryReply {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes };
  }

  close(): void {
    tf.dispose([...this.#parameters.values(), ...this.#optimizer.velocities.values()]);
  }

  #createParameters(): void {
    const { variant, seeds } = this.#task;
    this.#shapes.forEach(({ kernelShape, fanIn, fanOut }, layer) => {
      if (kernelShape === undefined || fanIn === undefined || fanOut === undefined) return;
      const size = kernelShape.reduce((product, length) => product * length, 1);
      const draw = { initializer: variant.init, fanIn, fanOut, seed: seeds.init, layer };
      const kernel = variable(tf.tensor(drawWeights(size, draw), [...kernelShape]));
      const bias = variable(tf.zeros([kernelShape.at(-1)!]));
      this.#parameters.set(`layers.${layer}.kernel`, kernel);
      this.#parameters.set(`layers.${layer}.bias`, bias);
      this.#weights.set(layer, { kernel, bias });
    });
  }

  #restore(tensors: TensorMap): void {
    for (const [name, parameter] of this.#parameters) assign(parameter, name, tensors);
    for (const [name, velocity] of this.#optimizer.velocities) {
      assign(velocity, velocityName(name), tensors);
    }
  }

  /** The arrays are copied: they may view memory that is overwritten after the reply. */
  #upload({ inputs, labels }: BatchData): { inputs: Tensor4D; labels: Tensor1D } {
    const shape: [number, number, number, number] = [labels.length, ...this.#task.imageShape];
    return {
      inputs: tf.tensor4d(new Float32Array(inputs), shape),
      labels: tf.tensor1d(new Int32Array(labels), 'int32'),
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
      const { value, grads } = tf.variableGrads(lossOf, [...this.#parameters.values()]);
      for (const [name, parameter] of this.#parameters) {
        this.#optimizer.update(name, parameter, grads[parameter.name]!);
      }
      return evaluationFollows ? undefined : { loss: value.dataSync()[0]!, accuracy };
    });
  }

  #measure(inputs: Tensor4D, labels: Tensor1D): { loss: number; accuracy: number } {
    return tf.tidy(() => {
      const logits = this.#forward(inputs);
      const loss = this.#engine.softmaxCrossEntropy(logits, labels).dataSync()[0]!;
      return { loss, accuracy: accuracyOf(logits, labels) };
    });
  }

  #forward(inputs: Tensor4D, drop?: Dropout): Tensor2D {
    const { variant } = this.#task;
    return forward(inputs, {
      engine: this.#engine,
      variant,
      shapes: this.#shapes,
      weights: this.#weights,
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

/** A variable that takes over the tensor's memory. */
function variable(initial: Tensor): Variable {
  const created = tf.variable(initial);
  initial.dispose();
  return created;
}

function velocityName(parameter: string): string {
  return `optimizer.momentum.${parameter}`;
}

function read(variable: Variable): TensorData {
  // Copied: some backends answer a view of their own memory.
  return { shape: variable.shape, values: new Float32Array(variable.dataSync()) };
}

function assign(variable: Variable, name: string, tensors: TensorMap): void {
  const tensor = tensors[name];
  if (tensor?.shape.join() !== variable.shape.join()) {
    throw new LockstepError(
      'data',
      `checkpoint: expected tensor ${name} of shape [${variable.shape.join(', ')}], ` +
        `got ${tensor === undefined ? 'none' : `[${tensor.shape.join(', ')}]`}`,
    );
  }
  tf.tidy(() => {
    variable.assign(tf.tensor(new Float32Array(tensor.values), variable.shape));
  });
}
