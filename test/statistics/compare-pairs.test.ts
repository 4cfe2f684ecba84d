import { expect } from 'chai';
import fc from 'fast-check';
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

  it('has finite intervals, whatever alpha is', () => {
    for (const alpha of [1e-300, 1e-17, 1e-12, 0.499]) {
      const result = comparePairs(input({ alpha }));
      const { low, high } = value(result.pairedT).interval;
      expect([low, high].every(Number.isFinite)).to.equal(true);
      expect(result.verdict.sentence).not.to.match(/Infinity|NaN|-\d+% CI/);
      expect(JSON.parse(JSON.stringify(result))).to.deep.equal(result);
    }
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

describe('differences that are equal in decimals', () => {
  // Each seed gained 11 of 100 examples; in binary the three differences are three numbers.
  const decimals = { baseline: [0.04, 0.03, 0.29], challenger: [0.15, 0.14, 0.4] };
  const binary = decimals.challenger.map((c, i) => c - decimals.baseline[i]!);

  it('are not equal in binary', () => {
    expect(new Set(binary).size).to.be.above(1);
  });

  it('are equal in every statistic', () => {
    const result = comparePairs(input({ ...decimals, margin: 0 }));
    expect(result.difference).to.include({ sd: 0 });
    expect(result.pairedT).to.deep.include({
      computable: false,
      because: 'all 3 differences are equal, so their spread is unknown',
    });
    expect(result.pairingGain).to.include({ computable: false });
    expect(result.pairsToDecide.toShowDifference).to.include({ computable: false });
    expect(value(result.signFlip).p).to.equal(2 / 8);
    expect(value(result.wilcoxon)).to.include({ w: 0, pGivenTies: 2 / 8 });
    expect(result.verdict.sentence).to.match(
      /; the difference is the same in all 3 pairs, so its spread is unknown and there is no interval;/,
    );
  });

  it('tie in rank with their negatives', () => {
    const sides = { baseline: [0.25, 0.91, 0.8], challenger: [0.36, 0.8, 0.92] };
    // Ranks 1.5, 1.5 and 3.
    expect(value(comparePairs(input(sides)).wilcoxon)).to.include({ w: 1.5 });
  });

  it('cancel to 0', () => {
    const sides = { baseline: [0.1, 0.3], challenger: [0.3, 0.1] };
    const result = comparePairs(input({ ...sides, margin: 0 }));
    expect(result.difference).to.include({ mean: 0 });
    expect(result.pairsToDecide.toShowDifference).to.include({
      because: 'the mean difference is 0',
    });
  });

  it('are ties where the values themselves are equal', () => {
    const sides = { baseline: [0.1 + 0.2, 0.3, 0.3], challenger: [0.3, 0.1 + 0.2, 0.3] };
    expect(comparePairs(input(sides))).to.include({ wins: 0, ties: 3, losses: 0 });
  });

  it('lie on the margin, not within it', () => {
    const baseline = [0.5, 0.6, 0.7, 0.8, 0.25, 0.35, 0.45];
    const sides = { baseline, challenger: baseline.map((b) => b + 0.005), margin: 0.005 };
    expect(comparePairs(input(sides)).pEquivalence).to.equal(1);
    expect(comparePairs(input({ ...sides, margin: 0.006 })).pEquivalence).to.be.below(0.05);
  });

  it('are taken from counts where these are known', () => {
    const result = comparePairs(input({ ...decimals, differences: [0.11, 0.11, 0.12] }));
    expect(result.pairs.differences).to.deep.equal([0.11, 0.11, 0.12]);
    expect(result.pairs.baseline).to.deep.equal(decimals.baseline);
  });

  it('are so for any three values, wherever they lie', () => {
    const fraction = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(fc.array(fraction, { minLength: 2, maxLength: 9 }), fraction, (values, gain) => {
        const { pairs } = comparePairs(
          input({
            baseline: values.map((v) => v / 1000),
            challenger: values.map((v) => (v + gain) / 1000),
          }),
        );
        expect(new Set(pairs.differences).size).to.equal(1);
      }),
    );
  });
});

describe('the fewest pairs that can decide', () => {
  const gains = (n: number, gain: number) => ({
    baseline: Array.from({ length: n }, (_, i) => 0.5 + i / 100),
    challenger: Array.from({ length: n }, (_, i) => 0.5 + i / 100 + gain + i / 1e5),
  });

  it('are six for a difference and five for equivalence', () => {
    const because = (n: number, margin: number) =>
      comparePairs(input({ ...gains(n, 0.1), margin })).verdict.because;
    expect(because(5, 0)).to.match(/^5 pairs cannot decide at alpha 0.05, which takes at least 6$/);
    expect(because(4, 0.01)).to.equal(
      '4 pairs cannot decide at alpha 0.05: "better" or "worse" takes at least 6, "equivalent" at least 5',
    );
    expect(because(5, 0.01)).to.equal(
      '5 pairs can show equivalence only at alpha 0.05: "better" or "worse" takes at least 6',
    );
    expect(comparePairs(input({ ...gains(6, 0.1), margin: 0 })).verdict.decision).to.equal(
      'better',
    );
    expect(comparePairs(input({ ...gains(5, 0), margin: 0.01 })).verdict.decision).to.equal(
      'equivalent',
    );
  });

  it('depend on how many of a family are undecided', () => {
    const [few] = compareFamily([
      input({ ...gains(6, 0.1), margin: 0 }),
      input({ ...gains(6, 0.1), margin: 0 }),
    ]);
    expect(few!.verdict.because).to.match(
      /^6 pairs .* over 2 comparisons, which takes at least 7$/,
    );
    // The first is decided, so that the other one has all of alpha.
    const [, other] = compareFamily([
      input({ ...gains(10, 0.1), margin: 0 }),
      input({ ...gains(5, 0.1), margin: 0 }),
    ]);
    expect(other!.verdict.because).to.match(/which takes at least 6$/);
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
