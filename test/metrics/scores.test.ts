import { expect } from 'chai';
import fc from 'fast-check';
import { metricKind, metricOfQuantity } from '../../src/metrics/registry.js';
import { addMeasured, score, scoreDifference } from '../../src/metrics/scores.js';
import type { Summed } from '../../src/metrics/scores.js';
import { expectError } from '../support/expect-error.js';

const both = ['loss', 'accuracy'];

describe('scores', () => {
  it('are means over all examples, whichever way these were cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ correct: fc.nat(128), loss: fc.integer({ min: 0, max: 999 }) }), {
          minLength: 1,
        }),
        (chunks) => {
          const measured = chunks
            .map((sums): Summed => ({ examples: 128, sums }))
            .reduce((a, b) => addMeasured(a, b));
          const correct = chunks.reduce((sum, chunk) => sum + chunk.correct, 0);
          const { scores, counts, examples } = score(both, measured);
          expect(examples).to.equal(128 * chunks.length);
          expect(counts).to.deep.equal({ correct });
          expect(scores.accuracy).to.equal(correct / examples);
        },
      ),
    );
  });

  it('are nothing but the loss, and without counts, where that is not finite', () => {
    for (const loss of [NaN, Infinity]) {
      expect(score(both, { examples: 4, sums: { loss, correct: 3 } })).to.deep.equal({
        examples: 4,
        scores: { loss, accuracy: NaN },
      });
    }
  });

  it('have the values of the classes that they average, NaN for a class without any', () => {
    const sums = {
      loss: 4,
      classHits: [1, 0, 0],
      classActual: [2, 2, 0],
      classPredicted: [2, 1, 1],
    };
    const measured = { examples: 4, sums };
    const names = ['loss', 'balancedAccuracy', 'macroF1'];
    expect(score(names, measured)).to.deep.equal({
      examples: 4,
      scores: { loss: 1, balancedAccuracy: 0.25, macroF1: 1 / 6 },
      counts: {},
      perClass: { balancedAccuracy: [0.5, 0, NaN], macroF1: [0.5, 0, 0] },
    });
    const doubled = addMeasured(measured, measured);
    expect(doubled.sums.classHits).to.deep.equal([2, 0, 0]);
    expect(score(names, doubled).scores).to.deep.equal(score(names, measured).scores);
  });

  it('of all outputs do without classes that have no examples, and with targets that are all equal', () => {
    const rocAuc = (targets: readonly number[]) =>
      score(['loss', 'rocAuc'], {
        examples: 2,
        sums: { loss: 1 },
        outputs: {
          kind: 'classes',
          outputs: Float32Array.of(2, 1, 0, 1, 2, 0),
          targets: Int32Array.from(targets),
        },
      });
    expect(rocAuc([0, 1]).scores.rocAuc).to.equal(1);
    expect(rocAuc([0, 1]).perClass).to.deep.equal({ rocAuc: [1, 1, NaN] });
    expect(rocAuc([2, 2]).scores.rocAuc).to.be.NaN;
    const r2 = (outputs: readonly number[], targets: readonly number[]) =>
      score(['loss', 'r2'], {
        examples: 2,
        sums: { loss: 1 },
        outputs: {
          kind: 'numbers',
          outputs: Float32Array.from(outputs),
          targets: Float32Array.from(targets),
        },
      }).scores.r2;
    expect(r2([3, 3], [3, 3])).to.equal(1);
    expect(r2([3, 4], [3, 3])).to.equal(0);
    expect(r2([2, 2], [1, 3])).to.equal(0);
    expect(r2([3, 1], [1, 3])).to.equal(-3);
    // A difference of large sums would lose all digits here.
    expect(r2([1e7 + 1, 1e7], [1e7 + 1, 1e7 - 1])).to.equal(0.5);
  });

  it('differ by the same double where as many examples are told apart', () => {
    const differences = [87, 40, 11, 99].map((correct) => {
      const [challenger, baseline] = [correct, correct - 11].map((right) =>
        score(both, { examples: 100, sums: { loss: 1, correct: right } }),
      );
      return scoreDifference(challenger!, baseline!, 100).accuracy;
    });
    expect(new Set(differences)).to.deep.equal(new Set([0.11]));
  });

  it('differ by what binary fractions give where there are no counts', () => {
    const [a, b] = [{ scores: { loss: 0.3 } }, { scores: { loss: 0.1 } }];
    expect(scoreDifference(a, b, 8)).to.deep.equal({ loss: 0.3 - 0.1 });
  });
});

describe('the metrics', () => {
  it('are found by name and by the quantity they measure', () => {
    expect(metricKind('loss')).to.include({ better: 'lower', scale: 'log' });
    expect(metricOfQuantity('test.accuracy')).to.include({ better: 'higher', unit: 'fraction' });
    expect(metricOfQuantity('minibatch.loss').name).to.equal('loss');
  });

  it('are named in the error for one that is not there', async () => {
    await expectError('data', 'expected one of the metrics loss, accuracy, ', () => {
      metricKind('f2');
    });
  });
});
