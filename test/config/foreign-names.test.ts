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
    ['variants.b.init=kaiming_normal_', 'he'],
    ['variants.b.init=xavier_uniform_', 'glorotUniform'],
    ['variants.b.init=TruncatedNormal', 'truncatedNormal'],
    ['variants.b.init=trunc_normal_', 'truncatedNormal'],
    ['variants.b.init=orthogonal_', 'orthogonal'],
    ['variants.b.init=Zeros', 'zeros'],
    ['variants.b.init={kind: truncatedNormal, std: 0.1}', 'stddev'],
    ['variants.b.input=MinMaxScaler', 'minmax'],
    ['variants.b.input=normalized', 'standardized'],
    ['network.layers=[{kind: ReLU}]', 'activation'],
    ['network.layers=[{kind: Sequential}]', 'repeat'],
    ['network.layers=[{kind: dense, neurons: 3}]', 'units'],
    ['training.optimizer={type: adam, learningRate: 1}', 'kind'],
    ['network.layers=[{kind: conv2d, filters: 1, kernel_size: 3, stride: 2}]', 'strides'],
    ['training.objective.kind=MSE', 'meanSquaredError'],
    ['training.loss=mse', 'objective'],
    ['training.earlyStopping={patience: 2, monitor: val_loss}', 'metric'],
    ['training.earlyStopping={patience: 2, metric: val_loss}', 'validation.loss'],
    ['decision.metric=validation.acc', 'validation.accuracy'],
    ['evaluation.metrics=[f1_score]', 'macroF1'],
    ['evaluation.metrics=[AUROC]', 'rocAuc'],
    ['evaluation.metrics=[acc]', 'accuracy'],
    ['evaluation.splits=[{split: val}]', 'validation'],
    ['data.folder=x', 'path'],
    ['data.name=mnist', 'dataset'],
    ['data.validation={ratio: 0.1}', 'fraction'],
    ['data={path: /x, csv: {label: y}}', 'target'],
    ['data={path: /x, csv: {target: y, sep: ";"}}', 'delimiter'],
    ['data={path: /x, csv: {target: y, missing: average}}', 'mean'],
    ['model={}', 'network'],
  ];
  for (const [set, name] of meant) {
    it(`takes ${set} for ${name}`, async () => {
      expect(await refusal(set)).to.match(new RegExp(`; did you mean ${name}\\?$`, 'm'));
    });
  }

  it('take a metric without its split for that of each split', async () => {
    const each = 'did you mean train.accuracy, validation.accuracy or test.accuracy?';
    expect(await refusal('decision.metric=accuracy')).to.include(each);
    expect(await refusal('decision.metric=acc')).to.include(each);
    expect(await refusal('decision.metric=nothing')).not.to.include('did you mean');
  });

  it('are taken for nothing that is not among the candidates', () => {
    expect(ownName('RandomFlip', ['dense', 'flatten'])).to.equal(undefined);
    expect(ownName('p', ['rate', 'kind'])).to.equal('rate');
    expect(ownName('p', ['probability', 'kind'])).to.equal('probability');
    expect(ownName('MAX_POOL', ['maxPool'])).to.equal('maxPool');
  });
});

describe('keys that are elsewhere, and words that name nothing here', () => {
  const refusals: readonly [set: string, because: string][] = [
    ['training.batch_size=3', 'training.batch_size: unknown key; set data.batchSize'],
    ['batchSize=3', 'batchSize: unknown key; set data.batchSize'],
    ['epochs=3', 'epochs: unknown key; set training.epochs'],
    ['optimizer=adam', 'optimizer: unknown key; set training.optimizer'],
    ['learning_rate=3', 'it belongs to the optimizer; set training.optimizer.learningRate'],
    ['loss=mse', 'loss: unknown key; set training.objective'],
    ['training.metrics=[accuracy]', 'set evaluation.metrics'],
    ['layers=[]', 'layers: unknown key; set network.layers'],
    ['data.validation_split=0.2', 'set data.validation.fraction'],
    ['data.shuffle=true', 'new random order'],
    ['training.earlyStopping={patience: 1, restore_best_weights: true}', 'best weights'],
    ['training.earlyStopping={patience: 1, mode: min}', 'the metric says'],
    ['network.layers=[{kind: softmax}]', 'got "softmax"; the network gives logits'],
    ['variants.b.activation=softmax', 'got "softmax"; the network gives logits'],
    ['network.layers=[{kind: SpatialDropout2D}]', 'write {kind: dropout, method: spatial}'],
    ['network.layers=[{kind: AlphaDropout}]', 'write {kind: dropout, method: alpha}'],
    ['network.layers=[{kind: DepthwiseConv2D}]', 'write {kind: conv2d, groups: '],
    ['network.layers=[{kind: InputLayer}]', 'got "InputLayer"; the data say what shape'],
  ];
  for (const [set, because] of refusals) {
    it(`are refused with what to do: ${set}`, async () => {
      expect(await refusal(set)).to.include(because);
    });
  }
});

describe('keys that the pairing leaves no room for', () => {
  it('are refused with what to do instead', async () => {
    expect(await refusal('variants.b.batch_size=3')).to.include('batchSize');
    expect(await refusal('variants.b.augmentation=[]')).to.include('set training.augmentation');
    expect(await refusal('variants.b.steps=3')).to.include('set training.steps');
    expect(await refusal('training.lr=3')).to.include('set training.optimizer.learningRate');
  });
});
