import { expect } from 'chai';
import { numberIn } from '../../src/protocol/sums.js';
import { loadEngine } from '../../workers/engines/load.js';
import { Session } from '../../workers/sessions/session.js';
import { testedEngine } from '../support/engine.js';
import { normalizedLayers, openTask, smallVariant, stepTask } from '../support/variants.js';

const variant = (updatesPerStep: number) =>
  smallVariant({
    updatesPerStep,
    layers: normalizedLayers,
    optimizer: { kind: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  });
const indicesOf = (step: number, batch: number) =>
  Int32Array.from({ length: batch }, (_, index) => (batch * (step - 1) + index) % 60);

describe(`several updates a step on the ${testedEngine} engine`, () => {
  it('are those of as many steps with smaller minibatches, to the last bit', async () => {
    const engine = await loadEngine(testedEngine);
    const whole = await Session.open(engine, openTask({ variant: variant(4) }));
    const parts = await Session.open(engine, openTask({ variant: variant(1) }));
    for (const step of [1, 2, 3]) {
      const indices = indicesOf(step, 20);
      const reply = whole.step(stepTask(step, { indices, evaluate: false }));
      let loss = 0;
      for (const part of [1, 2, 3, 4]) {
        const number = 4 * (step - 1) + part;
        const own = stepTask(number, { indices: indicesOf(number, 5), evaluate: false });
        loss += numberIn(parts.step(own).sums, 'loss');
      }
      expect(reply.examples).to.equal(20);
      expect(numberIn(reply.sums, 'loss'), 'the sum of the losses').to.equal(loss);
    }
    const { tensors } = await parts.save();
    const saved = await whole.save();
    expect(saved.step).to.equal(3);
    expect(saved.tensors).to.deep.equal(tensors);
    whole.close();
    parts.close();
  });

  it('are followed by one evaluation of the whole minibatch', async () => {
    const engine = await loadEngine(testedEngine);
    const session = await Session.open(engine, openTask({ variant: variant(2) }));
    const indices = indicesOf(1, 10);
    const reply = session.step(stepTask(1, { indices, evaluate: true }));
    const evaluated = session.evaluate({ sessionId: 'session', split: 'train', indices });
    expect(numberIn(reply.sums, 'loss')).to.equal(numberIn(evaluated.sums, 'loss'));
    expect(numberIn(reply.sums, 'correct')).to.equal(numberIn(evaluated.sums, 'correct'));
    session.close();
  });
});
