import { expect } from 'chai';
import { runWideChanges, whyFixed } from '../../src/config/run-wide.js';
import { applyOverrides, parseOverride } from '../../src/config/overrides.js';
import { validate } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { minimal } from './scratch.js';

const config = (...sets: string[]) =>
  validate(applyOverrides(parseYaml(`name: x\n${minimal}`, 'x.yaml'), sets.map(parseOverride)));

describe('whyFixed', () => {
  it('holds for a fixed key and all below it, not for its neighbours', () => {
    expect(whyFixed(['decision'])).to.be.a('string');
    expect(whyFixed(['decision', 'metric'])).to.equal(whyFixed(['decision']));
    expect(whyFixed(['variants', 'b', 'label'])).to.equal('reports name a variant once');
    expect(whyFixed(['variants', 'b', 'activation'])).to.equal(undefined);
    expect(whyFixed(['variants', 'b'])).to.equal(undefined);
    expect(whyFixed(['evaluation', 'splits'])).to.equal(undefined);
    expect(whyFixed(['checkpoint', 'every'])).to.equal(undefined);
  });
});

describe('runWideChanges', () => {
  it('is empty where a point changes what it may', () => {
    const sweep = 'sweep={method: grid, parameters: {data.batchSize: {values: [1]}}}';
    const atPoint = config(
      'data.batchSize=7',
      'variants.b.dropout.rate=0.5',
      'evaluation.splits=[{split: test, examples: 3}]',
    );
    expect(runWideChanges(config(sweep), atPoint)).to.deep.equal([]);
  });

  for (const [change, message] of [
    [
      'variants.b.label=Bee',
      'variants.b.label: expected the same at every point (b), got Bee: reports name a variant once',
    ],
    [
      'variants.b.legend=L',
      'variants.b.legend: expected the same at every point (none), got L: figures name a variant once',
    ],
    [
      'baseline=b',
      'baseline: expected the same at every point (a), got b: all points have the same baseline',
    ],
    [
      'decision.metric=test.loss',
      'decision.metric: expected the same at every point (test.accuracy), got test.loss: all points are judged alike',
    ],
    [
      'decision.pairs=3',
      'decision.pairs: expected the same at every point (none), got 3: all points are judged alike',
    ],
    ['name=y', 'name: expected the same at every point (x), got y: it names the whole run'],
    [
      'seeds=[2]',
      'seeds: expected the same at every point (1), got 2: every point runs with all of them',
    ],
  ]) {
    it(`names what ${change} changes`, () => {
      expect(runWideChanges(config(), config(change!))).to.deep.equal([message]);
    });
  }

  it('compares the names of the variants, but not the dataset', () => {
    const added = runWideChanges(config(), config('variants.c={activation: elu, init: he}'));
    expect(added[0]).to.equal(
      'variants: expected the same at every point (a, b), got a, b, c: all points compare the same variants',
    );
    expect(runWideChanges(config(), config('data.path=/x'))).to.deep.equal([]);
  });
});
