import { expect } from 'chai';
import { compareFamily } from '../../src/statistics/compare-family.js';
import { type ComparisonInput, comparePairs } from '../../src/statistics/compare-pairs.js';

const baseline = [9866, 9879, 9881, 9880, 9861, 9876, 9878, 9881, 9872, 9869].map((v) => v / 1e4);
const challenger = [9871, 9884, 9879, 9890, 9868, 9882, 9875, 9893, 9880, 9877].map((v) => v / 1e4);

function input(values: Partial<ComparisonInput> = {}): ComparisonInput {
  return {
    metric: 'test.accuracy',
    direction: 'higher',
    alpha: 0.05,
    margin: 0.001,
    labels: { baseline: 'ReLU', challenger: 'SNN' },
    seeds: (values.baseline ?? baseline).map((_, i) => i + 1),
    baseline,
    challenger,
    ...values,
  };
}

/** The part of a result that must have a value here. */
function value<T extends { readonly computable: boolean }>(
  result: T,
): Extract<T, { computable: true }> {
  expect(result).to.include({ computable: true });
  return result as Extract<T, { computable: true }>;
}

describe('comparePairs', () => {
  it('agrees with scipy on ten pairs of accuracies', () => {
    const result = comparePairs(input());
    const t = value(result.pairedT);
    expect(t.t).to.be.closeTo(3.697893806567648, 1e-10);
    expect(t.p).to.be.closeTo(0.004936638454231084, 1e-12);
    expect(t.interval.low).to.be.closeTo(0.00021742444823, 1e-13);
    expect(t.interval.high).to.be.closeTo(0.00090257555177, 1e-13);
    expect(value(result.signFlip).p).to.equal(12 / 1024);
    expect(value(result.signFlip).smallestP).to.equal(2 / 1024);
    expect(value(result.wilcoxon)).to.include({ w: 3, p: 0.009765625 });
    expect(value(result.hodgesLehmann).estimate).to.be.closeTo(0.00065, 1e-14);
    expect(result).to.include({ wins: 8, ties: 0, losses: 2 });
    expect(result.signTest.p).to.be.closeTo(0.109375, 1e-15);
    expect(value(result.equivalence).p).to.be.closeTo(0.00871943, 1e-8);
  });

  it('calls a difference shown to be within the margin equivalent, and better without a margin', () => {
    expect(comparePairs(input()).verdict.decision).to.equal('equivalent');
    const { verdict } = comparePairs(input({ margin: 0 }));
    expect(verdict.decision).to.equal('better');
    expect(verdict.sentence).to.match(/^SNN beats ReLU by .*8 of 10 seeds/);
  });

  it('turns the verdict around with the direction of the metric', () => {
    const result = comparePairs(input({ margin: 0, direction: 'lower' }));
    expect(result.verdict.decision).to.equal('worse');
    expect(result).to.include({ wins: 2, losses: 8 });
  });

  for (const n of [0, 1, 2]) {
    it(`cannot decide with ${n} of ${n} pairs, and says so`, () => {
      const part = { baseline: baseline.slice(0, n), challenger: challenger.slice(0, n) };
      const { verdict, pairs } = comparePairs(input({ ...part, margin: 0 }));
      expect(pairs.completed).to.equal(n);
      expect(verdict.decision).to.equal('inconclusive');
      expect(verdict.because).to.match(/cannot decide at alpha 0.05, which takes at least 6/);
    });
  }

  it('makes ties of identical variants inconclusive, and equivalent given a margin', () => {
    const same = input({ challenger: baseline });
    expect(comparePairs({ ...same, margin: 0 }).verdict.decision).to.equal('inconclusive');
    expect(comparePairs(same)).to.include({ ties: 10, wins: 0, losses: 0 });
    expect(comparePairs(same).verdict.decision).to.equal('equivalent');
  });

  it('never calls a challenger with a failed pair better, and lists the pair', () => {
    const failed = [...challenger.slice(0, 9), null];
    const winning = challenger.map((v) => v + 0.1);
    const far = comparePairs(input({ margin: 0, challenger: [...winning.slice(0, 9), null] }));
    expect(far.verdict).to.include({ decision: 'inconclusive', provisional: true });
    const { pairs } = comparePairs(input({ challenger: failed }));
    expect(pairs).to.include({ planned: 10, completed: 9 });
    expect(pairs.missing).to.deep.equal([{ seed: 10, missing: 'challenger' }]);
  });
});

describe('compareFamily', () => {
  it('adjusts by Holm over the family', () => {
    const one = comparePairs(input({ margin: 0 }));
    const family = compareFamily([
      input({ margin: 0 }),
      input({ margin: 0, challenger: baseline }),
    ]);
    expect(family[0]!.verdict.pDifference).to.be.closeTo(2 * one.pDifference!, 1e-15);
    expect(family[0]!.verdict.comparisons).to.equal(2);
    expect(family[1]!.verdict.decision).to.equal('inconclusive');
  });

  it('refuses different alphas', () => {
    expect(() => compareFamily([input(), input({ alpha: 0.01 })])).to.throw('one alpha');
  });
});
