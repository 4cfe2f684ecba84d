/**
 * A program in which two threads train a small network at the same time with the native engine,
 * as a trial does. The last line it prints is a `ProofResult` as JSON; it fails by its exit code.
 */
import { Worker, isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';
import { tf } from '../../tf.js';
import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core';
import { inspectNative, nativePackageRoot } from '../../../src/engines/native.js';
import type { ProofResult } from '../../../src/protocol/index.js';
import type { NativeBackend } from './binding.js';
import { loadTensorflow } from './load.js';
import { Operations } from './operations.js';

const steps = 100;

interface ThreadResult {
  readonly version: string;
  readonly device: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Makes the binding store thousands of new attribute names while the other thread does the same: if their
 * set had no lock, it would break here sooner than in a trial.
 */
function provoke(): void {
  const found = inspectNative(nativePackageRoot());
  // An unpatched prebuilt is warmed up instead; it would not survive this.
  if (!found.installed || found.stamp?.patched !== true) return;
  const ops = new Operations(tf.backend() as NativeBackend);
  awaitOtherThread();
  for (let call = 0; call < 300; call += 1) {
    ops.keepNames(Array.from({ length: 100 }, (_, i) => `race_${call}_${i}_${threadId}`));
  }
}

/** Returns in both threads at the same moment. */
function awaitOtherThread(): void {
  const arrived = new Int32Array(workerData as SharedArrayBuffer);
  Atomics.add(arrived, 0, 1);
  while (Atomics.load(arrived, 0) < 2) Atomics.wait(arrived, 0, 1, 1);
}

async function train(): Promise<ThreadResult> {
  const engine = await loadTensorflow();
  provoke();
  const images = engine.statelessUniform([32, 8, 8, 1], tf.tensor1d([1, 2], 'int32')) as Tensor4D;
  const labels = tf.tensor1d(
    Int32Array.from({ length: 32 }, (_, i) => i % 4),
    'int32',
  );
  const filter = tf.variable(draw([3, 3, 1, 8], 3));
  const dense = tf.variable(draw([128, 4], 4));
  const loss = (): Scalar => {
    const pooled = tf.maxPool(tf.conv2d(images, filter as Tensor4D, 1, 'same'), 2, 2, 'same');
    const active = engine.biasActivation(pooled, tf.zeros([8]), { kind: 'selu' });
    const features = tf.reshape(active, [32, 128]);
    return engine.softmaxCrossEntropy(tf.matMul(features, dense), labels);
  };
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const { value, grads } = tf.variableGrads(loss);
    for (const variable of [filter, dense]) {
      const gradient = grads[variable.name]!;
      variable.assign(tf.tidy(() => tf.sub(variable, tf.mul(gradient, 0.1))));
    }
    losses.push(value.dataSync()[0]!);
    tf.dispose([value, grads]);
  }
  const { version, device } = engine.describe();
  return { version, device, first: losses[0]!, last: losses.at(-1)! };

  function draw(shape: readonly number[], seed: number): tf.Tensor {
    return tf.tidy(() =>
      tf.sub(engine.statelessUniform(shape, tf.tensor1d([seed, 0], 'int32')), 0.5),
    );
  }
}

function trainInThread(arrived: SharedArrayBuffer): Promise<ThreadResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: arrived });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`a thread ended with code ${code} before it answered`));
    });
  });
}

async function proveTwoThreads(): Promise<ProofResult> {
  const startedAt = performance.now();
  const arrived = new SharedArrayBuffer(4);
  const results = await Promise.all([trainInThread(arrived), trainInThread(arrived)]);
  const [a, b] = results;
  if (!(a.last < a.first / 2) || a.last !== b.last) {
    throw new Error(`the threads did not learn the same: ${JSON.stringify(results)}`);
  }
  return {
    version: a.version,
    gpu: a.device.startsWith('gpu'),
    steps,
    milliseconds: Math.round(performance.now() - startedAt),
  };
}

if (isMainThread) console.log(JSON.stringify(await proveTwoThreads()));
else parentPort?.postMessage(await train());
