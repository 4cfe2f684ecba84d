import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { addMeasured, score } from '../../../../src/metrics/scores.js';
import type { Sums } from '../../../../src/protocol/index.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import type { Engine } from '../../../../workers/engines/engine.js';
import { metricSumsNamed } from '../../../../workers/model/metrics/registry.js';
import { tf } from '../../../../workers/tf.js';
import { testedEngine } from '../../../support/engine.js';

interface Golden {
  readonly targets: readonly number[];
  readonly units: number;
  readonly outputs: readonly number[];
  readonly scores: Readonly<Record<string, number>>;
}

/** Written by scripts/goldens/metrics.py. */
const goldens = JSON.parse(
  readFileSync('test/workers/model/metrics/metrics.golden.json', 'utf8'),
) as Record<string, Golden>;

/** Scores of a golden's examples, summed up in chunks of `size`. */
function scoresOf(engine: Engine, { targets, units, outputs, scores }: Golden, size: number) {
  const names = Object.keys(scores);
  const metrics = metricSumsNamed(names);
  const chunks = Array.from({ length: Math.ceil(targets.length / size) }, (_, chunk) => {
    const [from, to] = [chunk * size, Math.min(targets.length, (chunk + 1) * size)];
    return tf.tidy(() => {
      const rows = to - from;
      const logits = tf.tensor2d(outputs.slice(from * units, to * units), [rows, units]);
      const labels = tf.tensor1d(targets.slice(from, to), 'int32');
      const loss = engine.softmaxCrossEntropy(logits, labels).dataSync()[0]! * rows;
      const sums = metrics.map((sum) => sum({ logits, labels }));
      return { examples: rows, sums: Object.assign({ loss }, ...sums) as Sums };
    });
  });
  return score(names, chunks.reduce(addMeasured));
}

describe(`metrics on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  for (const [name, golden] of Object.entries(goldens)) {
    it(`are scikit-learn's ${name}, whatever the chunks`, () => {
      for (const size of [7, golden.targets.length]) {
        const { scores } = scoresOf(engine, golden, size);
        for (const [metric, expected] of Object.entries(golden.scores)) {
          expect(scores[metric], metric).to.be.closeTo(expected, 1e-6);
        }
      }
    });
  }
});
