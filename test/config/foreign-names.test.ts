import { expect } from 'chai';
import { ownName } from '../../src/config/foreign-names.js';
import { applyOverrides, parseOverride } from '../../src/config/overrides.js';
import { validate } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { minimal, usageError } from './scratch.js';

/** What is said of a configuration with these settings. */
async function refusal(...sets: string[]): Promise<string> {
  const tree = parseYaml(`name: x\n${minimal}`, 'x.yaml');
  const error = await usageError(() => validate(applyOverrides(tree, sets.map(parseOverride))));
  return error.message;
}

describe('names of other frameworks', () => {
  const meant: readonly [set: string, name: string][] = [
    ['training.augmentation=[{kind: RandomFlip}]', 'horizontalFlip'],
    ['training.augmentation=[{kind: RandomHorizontalFlip}]', 'horizontalFlip'],
    ['training.augmentation=[{kind: random_crop}]', 'randomCrop'],
    ['training.augmentation=[{kind: RandomTranslation}]', 'shift'],
    ['training.augmentation=[{kind: RandomErasing}]', 'cutout'],
    ['training.augmentation=[{kind: GaussianNoise}]', 'noise'],
    ['training.augmentation=[{kind: shift, pixels: 1, fill: nearest}]', 'edge'],
    ['training.augmentation=[{kind: horizontalFlip, p: 1}]', 'probability'],
    ['training.transforms=[]', 'augmentation'],
    ['training.optimizer.kind=Adam', 'adam'],
    ['training.optimizer.lr=1', 'learningRate'],
    ['network.layers=[{kind: BatchNormalization}]', 'batchNorm'],
    ['network.layers=[{kind: MaxPooling2D}]', 'maxPool'],
    ['network.layers=[{kind: Linear}]', 'dense'],
    ['network.layers=[{kind: dense, units: 1, kernel_initializer: he}]', 'init'],
    ['variants.b.activation=swish', 'silu'],
    ['variants.b.init=kaiming_uniform', 'heUniform'],
    ['variants.b.input=MinMaxScaler', 'minmax'],
  ];
  for (const [set, name] of meant) {
    it(`takes ${set} for ${name}`, async () => {
      expect(await refusal(set)).to.match(new RegExp(`; did you mean ${name}\\?$`, 'm'));
    });
  }

  it('are taken for nothing that is not among the candidates', () => {
    expect(ownName('RandomFlip', ['dense', 'flatten'])).to.equal(undefined);
    expect(ownName('p', ['rate', 'kind'])).to.equal('rate');
    expect(ownName('p', ['probability', 'kind'])).to.equal('probability');
    expect(ownName('MAX_POOL', ['maxPool'])).to.equal('maxPool');
  });
});

describe('keys that the pairing leaves no room for', () => {
  it('are refused with what to do instead', async () => {
    expect(await refusal('variants.b.batchSize=3')).to.include(
      'variants.b.batchSize: unknown key; all variants train on the same minibatches, of data.batchSize examples; to compare batch sizes, sweep data.batchSize',
    );
    expect(await refusal('variants.b.batch_size=3')).to.include('sweep data.batchSize');
    expect(await refusal('variants.b.augmentation=[]')).to.include('set training.augmentation');
    expect(await refusal('variants.b.steps=3')).to.include('set training.steps');
    expect(await refusal('training.lr=3')).to.include('set training.optimizer.learningRate');
  });
});
