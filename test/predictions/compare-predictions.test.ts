import { expect } from 'chai';
import fc from 'fast-check';
import { comparePredictions } from '../../src/predictions/compare-predictions.js';

const labels = [0, 1, 2, 3];
const options = { baseline: 'a', challenger: 'b', level: 0.95, listed: 10 };

function trial(seed: number, a: readonly number[], b: readonly number[]) {
  return { seed, variants: { a: Uint8Array.from(a), b: Uint8Array.from(b) } };
}

describe('comparePredictions', () => {
  const trials = [
    trial(5, [0, 9, 9, 3], [0, 1, 2, 9]),
    trial(6, [0, 9, 2, 3], [0, 1, 8, 3]),
    trial(7, [0, 1, 7, 3], [0, 1, 2, 3]),
  ];
  const compared = comparePredictions(trials, labels, options);

  it('tests each seed on its own, and never pools them', () => {
    expect(compared.examples).to.equal(4);
    expect(compared.seeds.map(({ seed }) => seed)).to.deep.equal([5, 6, 7]);
    expect(compared.seeds[0]!.test).to.deep.include({
      examples: 4,
      bothRight: 1,
      onlyBaselineRight: 1,
      onlyChallengerRight: 2,
      bothWrong: 0,
      p: 1,
    });
  });

  it('gives the interval over seeds and examples of the difference in accuracy', () => {
    expect(compared.interval).to.include({ computable: true, seeds: 3, examples: 4 });
    if (compared.interval.computable) expect(compared.interval.mean).to.be.closeTo(2 / 12, 1e-12);
    const single = comparePredictions(trials.slice(0, 1), labels, options);
    expect(single.interval).to.have.property('because').that.includes('2 seeds');
  });

  it('lists most disagreed on first, with what each variant said how often', () => {
    expect(compared.disagreements).to.deep.equal([
      {
        example: 2,
        label: 2,
        seeds: 3,
        baseline: {
          right: 1,
          classes: [
            { class: 2, seeds: 1 },
            { class: 7, seeds: 1 },
            { class: 9, seeds: 1 },
          ],
        },
        challenger: {
          right: 2,
          classes: [
            { class: 2, seeds: 2 },
            { class: 8, seeds: 1 },
          ],
        },
      },
      {
        example: 1,
        label: 1,
        seeds: 2,
        baseline: {
          right: 1,
          classes: [
            { class: 9, seeds: 2 },
            { class: 1, seeds: 1 },
          ],
        },
        challenger: { right: 3, classes: [{ class: 1, seeds: 3 }] },
      },
      {
        example: 3,
        label: 3,
        seeds: 1,
        baseline: { right: 3, classes: [{ class: 3, seeds: 3 }] },
        challenger: {
          right: 2,
          classes: [
            { class: 3, seeds: 2 },
            { class: 9, seeds: 1 },
          ],
        },
      },
    ]);
    const two = comparePredictions(trials, labels, { ...options, listed: 2 });
    expect(two.disagreements.map(({ example }) => example)).to.deep.equal([2, 1]);
  });

  it('puts the one-sided before the mixed, where as many seeds differ', () => {
    const mixed = [trial(1, [0, 9, 2, 3], [9, 1, 2, 3]), trial(2, [9, 9, 2, 3], [0, 1, 2, 3])];
    const { disagreements } = comparePredictions(mixed, labels, options);
    expect(disagreements.map(({ example }) => example)).to.deep.equal([1, 0]);
  });

  it('says the opposite when the variants are swapped', () => {
    const predictions = fc.uint8Array({ minLength: 4, maxLength: 4, max: 3 });
    const pairs = fc.array(fc.tuple(predictions, predictions), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(pairs, (drawn) => {
        const ours = drawn.map(([a, b], seed) => trial(seed, [...a], [...b]));
        const there = comparePredictions(ours, labels, options);
        const back = comparePredictions(ours, labels, {
          ...options,
          baseline: 'b',
          challenger: 'a',
        });
        const examples = (list: typeof there.disagreements) => list.map(({ example }) => example);
        expect(examples(back.disagreements)).to.deep.equal(examples(there.disagreements));
        for (const [index, { test }] of there.seeds.entries()) {
          expect(back.seeds[index]!.test.p).to.equal(test.p);
          expect(back.seeds[index]!.test.onlyBaselineRight).to.equal(test.onlyChallengerRight);
        }
      }),
    );
  });
});
