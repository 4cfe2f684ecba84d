import { expect } from 'chai';
import { testLabelsMd5 } from '../../src/data/dataset.js';
import { encodePng } from '../../src/predictions/png.js';
import { predictionSections } from '../../src/predictions/prediction-section.js';
import { twoPictures } from '../support/examples.js';
import { expectError } from '../support/expect-error.js';

const dataset = twoPictures();
const variant = (label: string) => ({
  label,
  input: 'raw' as const,
  activation: 'relu' as const,
  init: 'he' as const,
  dropout: { kind: 'standard' as const, rate: 0 },
});
const config = {
  variants: { relu: variant('ReLU'), snn: variant('SNN') },
  baseline: 'relu',
  decision: { metric: 'test.accuracy', alpha: 0.05, margin: 0.005 },
};
const trial = (seed: number, relu: number[], snn: number[]) => ({
  seed,
  step: 1,
  labelsMd5: testLabelsMd5(dataset),
  variants: { relu: Uint8Array.from(relu), snn: Uint8Array.from(snn) },
});

describe('predictionSections', () => {
  it('pictures what the variants disagree on, and says it in words', () => {
    const trials = [trial(1, [4, 1], [4, 7]), trial(2, [4, 1], [4, 7]), trial(3, [4, 7], [4, 1])];
    const [section, ...others] = predictionSections(trials, config, dataset);
    expect(others).to.deep.equal([]);
    expect(section).to.include({ baseline: 'relu', challenger: 'snn', examples: 2 });
    expect(section?.disagreements).to.have.length(1);
    expect(section?.disagreements[0]).to.include({
      image: `data:image/png;base64,${encodePng({ pixels: Uint8Array.of(9, 8, 7, 6), height: 2, width: 2, channels: 1 }).toString('base64')}`,
      alt: 'Test example 1, class 7. ReLU: 1 in 2 of 3 seeds, 7 in 1. SNN: 7 in 2 of 3 seeds, 1 in 1.',
    });
    expect(JSON.parse(JSON.stringify(section))).to.deep.equal(section);
  });

  it('has none without predictions, and refuses other labels than those trained with', async () => {
    expect(predictionSections([], config, dataset)).to.deep.equal([]);
    for (const variants of [
      { relu: Uint8Array.of(4, 1) },
      { relu: Uint8Array.of(4), snn: Uint8Array.of(4) },
    ]) {
      const odd = { ...trial(2, [], []), variants };
      await expectError('data', /seed 2: expected 2 of variant/, () =>
        predictionSections([trial(1, [4, 1], [4, 7]), odd], config, dataset),
      );
    }
    const other = { ...trial(1, [4, 1], [4, 7]), labelsMd5: 'f'.repeat(32) };
    await expectError('data', /seed 1: expected test labels with MD5 f+, got 0+/, () =>
      predictionSections([other], config, dataset),
    );
  });
});
