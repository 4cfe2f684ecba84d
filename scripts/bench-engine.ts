/**
 * What the embedded engine costs: `npm run bench:engine`. One training step and one evaluation of each
 * of the tutorial's variants, against the backend's own convolution of the second layer's size, all
 * in one process and interleaved, so that a noisy machine slows every job alike.
 *
 *     --json        one JSON document
 *     --rounds N    rounds to take the medians of (default 9)
 */
import { parseArgs } from 'node:util';
import { tf } from '../workers/tf.js';
import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { loadConfig } from '../src/config/load.js';
import { loadEngine } from '../workers/engines/load.js';
import { median } from '../src/statistics/moments.js';
import { wholeFlag } from './flags.js';
import { openSessions } from './open-sessions.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
  },
});

// Taken before the engine puts its own in this one's place.
const backendConvolution = tf.getKernel(tf.Conv2D, 'wasm').kernelFunc;
const engine = await loadEngine('wasm');
const config = await loadConfig({ file: 'tutorial', cwd: process.cwd() });
const { sessions: variants, minibatch } = await openSessions(engine, config);
print(measure(wholeFlag('--rounds', flags.rounds)));

function measure(rounds: number) {
  const { batchSize } = config.data;
  const [x, filter] = [tf.randomNormal([batchSize, 14, 14, 32]), tf.randomNormal([5, 5, 32, 64])];
  const convolutions: number[] = [];
  const timings = variants.map(({ name, session }) => ({
    name,
    session,
    train: [] as number[],
    evaluate: [] as number[],
  }));
  // The first rounds warm up.
  for (let round = -1; round <= rounds; round += 1) {
    const convolution = timeConvolution(backendConvolution, x, filter);
    const { step, indices } = minibatch(round + 2);
    const steps = timings.map(({ session }) =>
      session.step({ sessionId: 'bench', step, indices, evaluate: true }),
    );
    if (round < 1) continue;
    convolutions.push(convolution);
    steps.forEach(({ trainMs, evalMs }, index) => {
      timings[index]!.train.push(trainMs);
      timings[index]!.evaluate.push(evalMs);
    });
  }
  const convolutionMs = median(convolutions);
  return {
    rounds,
    convolutionMs,
    variants: timings.map(({ name, train, evaluate }) => {
      const [trainMs, evaluateMs] = [median(train), median(evaluate)];
      return {
        name,
        trainMs,
        trainRatio: trainMs / convolutionMs,
        evaluateMs,
        evaluateRatio: evaluateMs / convolutionMs,
      };
    }),
  };
}

function timeConvolution(kernel: KernelFunc, x: Tensor, filter: Tensor): number {
  const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
  const startedAt = performance.now();
  const out = kernel({ inputs: { x, filter }, backend: tf.backend(), attrs });
  const elapsed = performance.now() - startedAt;
  tf.engine()
    .makeTensorFromTensorInfo(Array.isArray(out) ? out[0]! : out)
    .dispose();
  return elapsed;
}

function print(result: ReturnType<typeof measure>): void {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  } else {
    console.log(`conv2d forward, backend's own: ${result.convolutionMs.toFixed(1)} ms`);
    for (const { name, trainMs, trainRatio, evaluateMs, evaluateRatio } of result.variants) {
      console.log(
        `${name}: training step ${trainMs.toFixed(1)} ms (${trainRatio.toFixed(2)}x), ` +
          `evaluation ${evaluateMs.toFixed(1)} ms (${evaluateRatio.toFixed(2)}x)`,
      );
    }
  }
}
