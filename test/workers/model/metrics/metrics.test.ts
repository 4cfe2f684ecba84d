import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { addMeasured, score } from '../../../../src/metrics/scores.js';
import { objectiveSchema, targetsOf } from '../../../../src/model/objectives.js';
import type { ObjectiveSpec } from '../../../../src/model/objectives.js';
import type { Sums } from '../../../../src/protocol/index.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import type { Engine } from '../../../../workers/engines/engine.js';
import { metricSumsNamed } from '../../../../workers/model/metrics/registry.js';
import { buildObjective } from '../../../../workers/model/objective.js';
import { tf } from '../../../../workers/tf.js';
import { testedEngine } from '../../../support/engine.js';

interface Golden {
  readonly objective: ObjectiveSpec['kind'];
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
function scoresOf(engine: Engine, golden: Golden, size: number) {
  const { units, outputs, scores } = golden;
  const names = Object.keys(scores);
  const spec = objectiveSchema.parse({ kind: golden.objective });
  const targets = targetsOf(spec);
  const objective = buildObjective(engine, { spec, targets });
  const metrics = metricSumsNamed(names, targets);
  const count = outputs.length / units;
  const chunks = Array.from({ length: Math.ceil(count / size) }, (_, chunk) => {
    const [from, to] = [chunk * size, Math.min(count, (chunk + 1) * size)];
    return tf.tidy(() => {
      const rows = to - from;
      const own = Float32Array.from(outputs.slice(from * units, to * units));
      const areClasses = targets === 'classes';
      const wanted = areClasses
        ? Int32Array.from(golden.targets.slice(from, to))
        : Float32Array.from(golden.targets.slice(from * units, to * units));
      const tensor = areClasses ? tf.tensor1d(wanted, 'int32') : tf.tensor2d(wanted, [rows, units]);
      const loss = objective(tf.tensor2d(own, [rows, units]), tensor).dataSync()[0]! * rows;
      const sums = metrics.map((sum) => sum({ outputs: own, width: units, targets: wanted }));
      return { examples: rows, sums: Object.assign({ loss }, ...sums) as Sums };
    });
  });
  const all = {
    kind: targets,
    outputs: Float32Array.from(outputs),
    targets: Float32Array.from(golden.targets),
  };
  return score(names, { ...chunks.reduce(addMeasured), outputs: all });
}

describe(`metrics on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  for (const [name, golden] of Object.entries(goldens)) {
    it(`are scikit-learn's ${name}, whatever the chunks`, () => {
      for (const size of [7, golden.outputs.length / golden.units]) {
        const { scores } = scoresOf(engine, golden, size);
        for (const [metric, expected] of Object.entries(golden.scores)) {
          expect(scores[metric], metric).to.be.closeTo(expected, 1e-6 * Math.max(1, expected));
        }
      }
    });
  }
});
