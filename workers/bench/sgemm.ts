/**
 * A program that measures how fast an engine multiplies matrices on this machine, in as many threads as
 * a trial has sessions. `node sgemm.js <engine> <threads>` prints GFLOP/s, all threads together.
 */
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { tf } from '../tf.js';
import { engineNames, type EngineName } from '../../src/protocol/index.js';
import { loadEngine } from '../engines/load.js';

const size = 1024;
/** Milliseconds each thread multiplies for. */
const duration = 1500;

/** The median rate of one thread, in GFLOP/s. */
async function measure(name: EngineName): Promise<number> {
  const engine = await loadEngine(name);
  const a = engine.statelessUniform([size, size], tf.tensor1d([1, 0], 'int32')) as tf.Tensor2D;
  const b = engine.statelessUniform([size, size], tf.tensor1d([2, 0], 'int32')) as tf.Tensor2D;
  const rates: number[] = [];
  const end = performance.now() + duration;
  while (performance.now() < end) {
    const startedAt = performance.now();
    // The best of the layouts a dense layer's passes use.
    tf.dispose(tf.matMul(a, b, false, true));
    rates.push((2 * size ** 3) / (performance.now() - startedAt) / 1e6);
  }
  return rates.sort((x, y) => x - y)[rates.length >> 1]!;
}

function inThread(name: EngineName): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: name });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (isMainThread) {
  const name = engineNames.find((engine) => engine === process.argv[2]) ?? 'wasm';
  const threads = Array.from({ length: Number(process.argv[3] ?? 2) }, () => inThread(name));
  const rates = await Promise.all(threads);
  console.log(rates.reduce((sum, rate) => sum + rate, 0));
} else {
  parentPort?.postMessage(await measure(workerData as EngineName));
}
