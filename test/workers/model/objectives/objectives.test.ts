import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { objectiveSchema, targetsOf } from '../../../../src/model/objectives.js';
import type { ObjectiveSpec } from '../../../../src/model/objectives.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import type { Engine } from '../../../../workers/engines/engine.js';
import { buildObjective } from '../../../../workers/model/objective.js';
import { tf } from '../../../../workers/tf.js';
import { expectClose } from '../../../support/close.js';
import { testedEngine } from '../../../support/engine.js';

interface Golden {
  readonly objective: Partial<ObjectiveSpec>;
  readonly outputs: readonly number[];
  readonly targets: readonly number[];
  readonly loss: number;
  readonly gradient: readonly number[];
}

/** Written by scripts/goldens/objectives.py, for six examples of four outputs. */
const goldens = JSON.parse(
  readFileSync('test/workers/model/objectives/objectives.golden.json', 'utf8'),
) as Golden[];
const shape: [number, number] = [6, 4];

/** The loss of some outputs, and its gradient. */
function evaluate(engine: Engine, { objective, targets }: Golden, outputs: readonly number[]) {
  const spec = objectiveSchema.parse(objective);
  const kind = targetsOf(spec);
  const lossOf = buildObjective(engine, { spec, targets: kind });
  return tf.tidy(() => {
    const wanted: Tensor =
      kind === 'classes' ? tf.tensor1d([...targets], 'int32') : tf.tensor2d([...targets], shape);
    const { value, grad } = tf.valueAndGrad((x) => lossOf(x as Tensor2D, wanted))(
      tf.tensor2d([...outputs], shape),
    );
    return { loss: value.dataSync()[0]!, gradient: grad.dataSync() };
  });
}

describe(`objectives on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  for (const golden of goldens) {
    it(`are Keras's, with their gradients: ${JSON.stringify(golden.objective)}`, () => {
      const before = tf.memory().numTensors;
      const { loss, gradient } = evaluate(engine, golden, golden.outputs);
      expect(loss).to.be.closeTo(golden.loss, 1e-6 * Math.max(1, golden.loss));
      expectClose(gradient, golden.gradient, 1e-6);
      expect(tf.memory().numTensors).to.equal(before);
    });

    it(`have the gradients of finite differences: ${JSON.stringify(golden.objective)}`, () => {
      const { gradient } = evaluate(engine, golden, golden.outputs);
      const width = 2 ** -8;
      for (const index of [0, 7, 13, 23]) {
        const [above, below] = [width, -width].map((shift) => {
          const outputs = golden.outputs.map((x, i) => (i === index ? x + shift : x));
          return evaluate(engine, golden, outputs).loss;
        });
        const slope = (above! - below!) / (2 * width);
        expect(slope, `output ${index}`).to.be.closeTo(gradient[index]!, 2e-3);
      }
    });
  }

  it('are finite for outputs that saturate', () => {
    const outputs = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? 1e4 : -1e4));
    for (const kind of ['softmaxCrossEntropy', 'sigmoidCrossEntropy'] as const) {
      const golden = goldens.find(({ objective }) => objective.kind === kind)!;
      for (const labelSmoothing of [0, 0.1]) {
        const changed = { ...golden, objective: { kind, labelSmoothing } };
        const { loss, gradient } = evaluate(engine, changed, outputs);
        expect(loss).to.be.within(1, 1e5);
        expect(gradient.every((value) => Number.isFinite(value))).to.equal(true);
      }
    }
  });
});
