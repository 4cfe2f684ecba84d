import { expect } from 'chai';
import { applyOverrides, parseOverride } from '../../src/config/overrides.js';
import { validate } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { streamSeed } from '../../src/random/streams.js';
import type { Trial } from '../../src/run/manifest.js';
import { planTrial, seedsOf } from '../../src/trial/plan.js';
import { minimal } from '../config/scratch.js';

const augmentation = 'training.augmentation=[{kind: horizontalFlip}]';

const trialOf = (rest: Partial<Trial>): Trial => ({ index: 0, point: {}, seed: 3, ...rest });

function plan(...given: (string | Trial)[]) {
  const sets = given.filter((one) => typeof one === 'string');
  const trial = given.find((one) => typeof one !== 'string') ?? trialOf({});
  const tree = parseYaml(`name: x\n${minimal}`, 'x.yaml');
  const config = validate(applyOverrides(tree, sets.map(parseOverride)));
  return planTrial({ config }, trial);
}

describe('planTrial', () => {
  it('takes the seed of each stream from the trial where it has them, augmentation that of the data', () => {
    const streams = { data: 5, init: 6, dropout: 7 };
    expect(plan(augmentation, trialOf({ streams })).streams).to.deep.equal({
      data: streamSeed(5, 'data'),
      init: streamSeed(6, 'init'),
      dropout: streamSeed(7, 'dropout'),
      augmentation: streamSeed(5, 'augmentation'),
    });
    const own = plan('pairing.init=independent', trialOf({ streams })).streams.init;
    expect(own).to.deep.equal({ a: streamSeed(6, 'init', 'a'), b: streamSeed(6, 'init', 'b') });
    const same = trialOf({ streams: { data: 3, init: 3, dropout: 3 } });
    expect(plan(augmentation, same).streams).to.deep.equal(plan(augmentation).streams);
  });

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
