import { expect } from 'chai';
import { applyOverrides, parseOverride } from '../../src/config/overrides.js';
import { validate } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { streamSeed } from '../../src/random/streams.js';
import { planTrial, seedsOf } from '../../src/trial/plan.js';
import { minimal } from '../config/scratch.js';

const augmentation = 'training.augmentation=[{kind: horizontalFlip}]';

function plan(...sets: string[]) {
  const tree = parseYaml(`name: x\n${minimal}`, 'x.yaml');
  const config = validate(applyOverrides(tree, sets.map(parseOverride)));
  return planTrial({ config }, { index: 0, point: {}, seed: 3 });
}

describe('planTrial', () => {
  it('has a stream of augmentation only where something is augmented', () => {
    for (const none of [plan(), plan('training.augmentation=[]')]) {
      expect(none.streams).to.have.all.keys('data', 'init', 'dropout');
      expect(seedsOf(none, 'a')).to.have.all.keys('init', 'dropout');
    }
  });

  it('has the variants share it, unless they are to have their own', () => {
    const shared = plan(augmentation);
    expect(shared.streams.augmentation).to.equal(streamSeed(3, 'augmentation'));
    expect(seedsOf(shared, 'a')).to.deep.equal(seedsOf(shared, 'b'));
    expect(plan(augmentation, 'pairing.augmentation=shared').streams).to.deep.equal(shared.streams);

    const independent = plan(augmentation, 'pairing.augmentation=independent');
    expect(independent.streams.augmentation).to.deep.equal({
      a: streamSeed(3, 'augmentation', 'a'),
      b: streamSeed(3, 'augmentation', 'b'),
    });
    expect(seedsOf(independent, 'b').augmentation).to.equal(streamSeed(3, 'augmentation', 'b'));
  });
});
