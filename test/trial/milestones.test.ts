import { expect } from 'chai';
import fc from 'fast-check';
import { isScheduledCheckpoint, milestones } from '../../src/trial/milestones.js';

function config(steps: number, evaluateEvery?: number, checkpointEvery?: number) {
  return {
    training: { steps, optimizer: { kind: 'sgd', learningRate: 1, momentum: 0 } },
    evaluation: { minibatch: true, every: evaluateEvery, splits: [], metrics: ['accuracy'] },
    checkpoint: { every: checkpointEvery, keep: 1, initial: false },
  } as const;
}

describe('milestones', () => {
  it('are the final step alone when nothing is due before', () => {
    expect(milestones(config(50), 0)).to.deep.equal([
      { step: 50, evaluate: true, checkpoint: true },
    ]);
    expect(milestones(config(50), 50)).to.deep.equal([]);
  });

  it('merge what is due at the same step', () => {
    expect(milestones(config(12, 4, 6), 0)).to.deep.equal([
      { step: 4, evaluate: true, checkpoint: false },
      { step: 6, evaluate: false, checkpoint: true },
      { step: 8, evaluate: true, checkpoint: false },
      { step: 12, evaluate: true, checkpoint: true },
    ]);
  });

  it('after a resume are those that were left', () => {
    const numbers = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.nat(30), (steps, evaluate, checkpoint, done) => {
        const all = milestones(config(steps, evaluate, checkpoint), 0);
        expect(milestones(config(steps, evaluate, checkpoint), done)).to.deep.equal(
          all.filter(({ step }) => step > done),
        );
        for (const milestone of all) {
          expect(
            isScheduledCheckpoint(config(steps, evaluate, checkpoint), milestone.step),
          ).to.equal(milestone.checkpoint);
        }
      }),
    );
  });
});
