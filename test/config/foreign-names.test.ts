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
    ['training.optimizer.kind=SGD', 'sgd'],
    ['training.optimizer.kind=AdamW', 'adamW'],
    ['training.optimizer.kind=RMSProp', 'rmsprop'],
    ['training.optimizer.weight_decay=1', 'weightDecay'],
    ['training.optimizer.max_norm=1', 'clipNorm'],
    ['training.optimizer.lr_scheduler=1', 'schedule'],
    ['training.optimizer={kind: adam, learningRate: 1, betas: [0.9, 0.99]}', 'beta1'],
    ['training.optimizer={kind: rmsprop, learningRate: 1, alpha: 0.9}', 'rho'],
    ['training.optimizer.schedule={kind: CosineAnnealingLR}', 'cosine'],
    ['training.optimizer.schedule={kind: cosine, T_max: 5}', 'steps'],
    ['training.optimizer.schedule={kind: step, milestones: [5], every: 1}', 'at'],
    ['training.optimizer.schedule={kind: exponential, gamma: 0.9, every: 1}', 'factor'],
    ['training.max_epochs=3', 'epochs'],
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
