/**
 * Writes a stand-in for CIFAR-10 in its binary format, to try the configuration `cifar10` without the data:
 * `npm run build && node dist/scripts/cifar-stand-in.js FOLDER`. Its images are MNIST's digits in one random
 * colour on another, padded to 32 x 32; what a network scores on them says nothing about CIFAR-10.
 *
 *     --train N   images of each of the five training files (default 1000)
 *     --test N    of the test file (default 1000)
 *     --seed N    of the colours (default 1)
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadMnist } from '../src/data/formats/mnist.js';
import type { Examples } from '../src/protocol/index.js';
import { randomNumbers } from '../test/support/random-numbers.js';
import { wholeFlag } from './flags.js';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    train: { type: 'string', default: '1000' },
    test: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('expected the folder to write to, got none');

const [side, padding] = [28, 2];
const paddedSide = side + 2 * padding;
const perBatch = wholeFlag('--train', flags.train);
const random = randomNumbers(wholeFlag('--seed', flags.seed));
const { train, test } = await loadMnist();
await mkdir(folder, { recursive: true });
for (const batch of [0, 1, 2, 3, 4]) {
  await write(`data_batch_${batch + 1}.bin`, train, batch * perBatch, perBatch);
}
await write('test_batch.bin', test, 0, wholeFlag('--test', flags.test));

async function write(name: string, examples: Examples, first: number, count: number) {
  const records = Array.from({ length: count }, (_, index) => record(examples, first + index));
  await writeFile(join(folder!, name), Buffer.concat(records));
}

/** The label, then a red, a green and a blue plane. */
function record({ inputs, targets }: Examples, index: number): Uint8Array {
  const digit = inputs.values.subarray(index * side ** 2, (index + 1) * side ** 2);
  const planes = Array.from({ length: 3 }, () => {
    const [ink, paper] = [256 * random(), 256 * random()];
    const plane = new Uint8Array(paddedSide ** 2).fill(paper);
    digit.forEach((value, at) => {
      const [row, column] = [Math.floor(at / side) + padding, (at % side) + padding];
      plane[row * paddedSide + column] = paper + ((ink - paper) * value) / 255;
    });
    return plane;
  });
  return Buffer.concat([Uint8Array.of(Number(targets.values[index])), ...planes]);
}
