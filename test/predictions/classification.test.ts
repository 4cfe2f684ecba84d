import { expect } from 'chai';
import { classify } from '../../src/predictions/classification.js';

const labels = [0, 1, 2, 1];
const trials = [
  {
    variants: { a: Uint8Array.of(0, 1, 1, 1) },
    confidences: { a: Float32Array.of(1, 0.75, 0.5, 0.75) },
  },
  {
    variants: { a: Uint8Array.of(0, 2, 1, 1) },
    confidences: { a: Float32Array.of(1, 0.5, 0.5, 0.25) },
  },
];

describe('classify', () => {
  it('counts predictions of all seeds by class and predicted class, and lists confusions', () => {
    const { matrix, confusions } = classify(trials, labels, 'a');
    expect(matrix).to.deep.equal([
      [2, 0, 0],
      [0, 3, 1],
      [0, 2, 0],
    ]);
    expect(confusions).to.deep.equal([
      { class: 2, predicted: 1, count: 2 },
      { class: 1, predicted: 2, count: 1 },
    ]);
  });

  it('bins predictions by their probability, the upper end inside', () => {
    const { calibration } = classify(trials, labels, 'a');
    expect(calibration).to.deep.equal([
      { from: 3 / 15, to: 4 / 15, count: 1, confidence: 0.25, accuracy: 1 },
      { from: 7 / 15, to: 8 / 15, count: 3, confidence: 0.5, accuracy: 0 },
      { from: 11 / 15, to: 12 / 15, count: 2, confidence: 0.75, accuracy: 1 },
      { from: 14 / 15, to: 1, count: 2, confidence: 1, accuracy: 1 },
    ]);
  });

  it('has no calibration where a trial kept no probabilities, and no matrix of more than 25 classes', () => {
    const [first, { variants }] = [trials[0]!, trials[1]!];
    expect(classify([first, { variants }], labels, 'a').calibration).to.equal(null);
    const many = classify([{ variants: { a: Uint8Array.of(25) } }], [3], 'a');
    expect(many.matrix).to.equal(null);
    expect(many.confusions).to.deep.equal([{ class: 3, predicted: 25, count: 1 }]);
  });
});
