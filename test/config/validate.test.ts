import { expect } from 'chai';
import fc from 'fast-check';
import { applyOverrides, applySeeds, parseOverride } from '../../src/config/overrides.js';
import { applyPoint, validate, validateConfig } from '../../src/config/validate.js';
import { planPoints } from '../../src/config/plan-points.js';
import { parseYaml } from '../../src/config/yaml.js';
import * as kinds from '../../src/model/layers/kinds.js';
import { activationNames } from '../../src/model/activations.js';
import { orList } from '../../src/schema/fields.js';
import { minimal, usageError } from './scratch.js';

const config = (...sets: string[]) =>
  validate(applyOverrides(parseYaml(`name: x\n${minimal}`, 'x.yaml'), sets.map(parseOverride)));
const seeds = (text: string) => validate(applySeeds(parseYaml(`name: x\n${minimal}`, 'x'), text));

describe('validate', () => {
  const rate = 'a number in [0, 1)';
  const least0 = 'a number of at least 0';
  const level = 'a significance level from 1e-9 up to, but not including, 0.5, such as 0.05';
  const count = 'a whole number of at least 1';
  const activations = orList(activationNames);
  const layerKinds = orList(Object.keys(kinds));
  const name = 'a name of letters, digits, - and _ that starts with a letter, but not with x-';
  const empty = '; to remove an inherited key write null';
  const variant = '{activation: relu, init: he}';

  /** The flag, and the message it gives after `--set <flag>: `. */
  const errors: [flag: string, message: string][] = [
    ['training.step=1', 'training.step: unknown key; did you mean steps?'],
    [
      'colour=1',
      'colour: unknown key; expected name, data, training, evaluation, network, variants, baseline, pairing, seeds, checkpoint, decision or sweep',
    ],
    [
      'training={epochs: 1, steps: 1, optimizer: {learningRate: 1}}',
      'training: expected either steps or epochs, got both',
    ],
    [
      'training.earlyStopping={patience: 2}',
      'training.earlyStopping: expected evaluation.every to say how often it looks, got none',
    ],
    [
      'training.earlyStopping={metric: test.loss, patience: 0}',
      `training.earlyStopping.patience: expected ${count}, got 0`,
    ],
    [
      'variants.b.batchSize=48',
      'variants.b.batchSize: expected a divisor of data.batchSize (128), got 48: every step is one minibatch of data.batchSize examples for all variants, which some take in smaller parts',
    ],
    ['variants.b.batchSize=0', `variants.b.batchSize: expected ${count}, got 0`],
    ['training.epochs=0.5', `training.epochs: expected ${count}, got 0.5`],
    ['evaluation.every=0', `evaluation.every: expected ${count}, or epoch, got 0`],
    [
      'checkpoint.every=epochs',
      `checkpoint.every: expected ${count}, or epoch, got "epochs"; did you mean epoch?`,
    ],
    ['training.steps=ten', `training.steps: expected ${count}, got "ten"`],
    ['training.steps=0', `training.steps: expected ${count}, got 0`],
    ['training.steps=1.5', `training.steps: expected ${count}, got 1.5`],
    ['training.steps=', `training.steps: expected ${count}, got null${empty}`],
    ['training.steps.x=1', `training.steps: expected ${count}, got a map`],
    ['data.batchSize=[2]', `data.batchSize: expected ${count}, got a list`],
    [
      'data.validationSize=-1',
      'data.validationSize: expected a whole number of at least 0, got -1',
    ],
    [
      'training.optimizer.kind=foo',
      'training.optimizer.kind: expected adam, adamW, rmsprop or sgd, got "foo"',
    ],
    [
      'training.optimizer.schedule={kind: cosin}',
      'training.optimizer.schedule.kind: expected constant, cosine, exponential, linear or step, got "cosin"; did you mean cosine?',
    ],
    [
      'training.optimizer.schedule={kind: step, every: 2, at: [3]}',
      'training.optimizer.schedule: expected either every or at, got both',
    ],
    [
      'variants.b.optimizer={schedule: {kind: step}}',
      'variants.b.optimizer.schedule: expected either every or at, got neither',
    ],
    [
      'training.optimizer.schedule={kind: linear, end: 2}',
      'training.optimizer.schedule.end: expected a number from 0 to 1, got 2',
    ],
    [
      'training.optimizer.schedule={kind: exponential, factor: 0, every: 1}',
      'training.optimizer.schedule.factor: expected a number above 0 and at most 1, got 0',
    ],
    [
      'training.optimizer.schedule={kind: constant, warmup: -1}',
      'training.optimizer.schedule.warmup: expected a whole number of at least 0, got -1',
    ],
    [
      'training.optimizer.nesterov=true',
      'training.optimizer.momentum: expected a momentum above 0 where nesterov is true, got 0, the default; set training.optimizer.momentum',
    ],
    [
      'variants.b.optimizer={nesterov: true, momentum: 0}',
      'variants.b.optimizer.momentum: expected a momentum above 0 where nesterov is true, got 0',
    ],
    [
      'training.optimizer.clipNorm=0',
      'training.optimizer.clipNorm: expected a number above 0, got 0',
    ],
    [
      'training.optimizer.clipValue=-1',
      'training.optimizer.clipValue: expected a number above 0, got -1',
    ],
    [
      'training.optimizer.weightDecay=-1',
      `training.optimizer.weightDecay: expected ${least0}, got -1`,
    ],
    [
      'training.optimizer={kind: rmsprop, learningRate: 1, centered: 1}',
      'training.optimizer.centered: expected true or false, got 1',
    ],
    [
      'training.optimizer.learningRate=.nan',
      `training.optimizer.learningRate: expected ${least0}, got NaN`,
    ],
    [
      'training.optimizer.learningRate=.inf',
      `training.optimizer.learningRate: expected ${least0}, got Infinity`,
    ],
    ['training.optimizer.momentum=1', `training.optimizer.momentum: expected ${rate}, got 1`],
    [
      'variants.b.optimizer.learningRate=-1',
      `variants.b.optimizer.learningRate: expected ${least0}, got -1`,
    ],
    ['variants.b.dropout.rate=1.0', `variants.b.dropout.rate: expected ${rate}, got 1`],
    ['training.augmentation={}', 'training.augmentation: expected a list, got a map'],
    ['training.augmentation=[1]', 'training.augmentation.0: expected a map with a `kind`, got 1'],
    [
      'training.augmentation=[{kind: shift}]',
      `training.augmentation.0.pixels: required key is missing; expected ${count}`,
    ],
    [
      'training.augmentation=[{kind: shift, pixels: 0}]',
      `training.augmentation.0.pixels: expected ${count}, got 0`,
    ],
    [
      'training.augmentation=[{kind: shift, pixels: 1, fill: wrap}]',
      'training.augmentation.0.fill: expected a finite number, edge or reflect, got "wrap"',
    ],
    [
      'training.augmentation=[{kind: randomCrop, padding: 1, size: 3}]',
      'training.augmentation.0.size: unknown key; expected kind, padding or fill',
    ],
    [
      'training.augmentation=[{kind: horizontalFlip, probability: 1.1}]',
      'training.augmentation.0.probability: expected a number in [0, 1], got 1.1',
    ],
    [
      'training.augmentation=[{kind: rotation, degrees: 181}]',
      'training.augmentation.0.degrees: expected a number of degrees above 0, at most 180, got 181',
    ],
    [
      'training.augmentation=[{kind: cutout, size: 1.5}]',
      `training.augmentation.0.size: expected ${count}, got 1.5`,
    ],
    [
      'training.augmentation=[{kind: noise, std: 0}]',
      'training.augmentation.0.std: expected a number above 0, got 0',
    ],
    ['pairing.augmentation=own', 'pairing.augmentation: expected shared or independent, got "own"'],
    ['variants.b.dropout.rate=-0.1', `variants.b.dropout.rate: expected ${rate}, got -0.1`],
    [
      'variants.b.activation=rellu',
      `variants.b.activation: expected ${activations}, got "rellu"; did you mean relu?`,
    ],
    [
      'variants.b={init: he}',
      `variants.b.activation: required key is missing; expected ${activations}`,
    ],
    [`variants={a: ${variant}}`, 'variants: expected at least two variants to compare, got 1'],
    [`variants.1x=${variant}`, `variants.1x: expected ${name}, got "1x"`],
    [
      `variants.B=${variant}`,
      'variants.B: expected a name that differs from b in more than case, got B',
    ],
    ['variants.b.label=a', 'variants.b.label: expected a label unlike that of a, got the same'],
    [
      'sweep={method: grid, parameters: {data.path: {values: [./x]}}}',
      'sweep.parameters."data.path".values.0: data.path: expected an absolute folder, got "./x"',
    ],
    ['variants.b.label=', `variants.b.label: expected text on one line, got null${empty}`],
    ['baseline=c', 'baseline: expected the name of a variant (a or b), got "c"'],
    [
      'network.layers=[]',
      'network.layers: expected a list of at least one item, got an empty list',
    ],
    [
      'network.layers.0=dropout',
      'network.layers.0: expected a map with a `kind`, got "dropout"; write {kind: dropout}',
    ],
    [
      'training.optimizer=adam',
      'training.optimizer: expected a map with a `kind`, got "adam"; write {kind: adam}',
    ],
    [
      'network.layers.0="not a kind"',
      'network.layers.0: expected a map with a `kind`, got "not a kind"',
    ],
    ['network.layers.0.kind=conv', `network.layers.0.kind: expected ${layerKinds}, got "conv"`],
    [
      'network.layers.0={units: 3}',
      `network.layers.0.kind: required key is missing; expected ${layerKinds}`,
    ],
    ['network.layers.1.unit=3', 'network.layers.1.unit: unknown key; did you mean units?'],
    [
      'network.layers.0={kind: repeat, times: 2, layers: [{kind: residual, layers: [{kind: densee}]}]}',
      `network.layers.0.layers.0.layers.0.kind: expected ${layerKinds}, got "densee"; did you mean dense?`,
    ],
    [
      'network.layers.0={kind: residual, layers: [{kind: repeat, times: 2, layers: [{kind: BatchNormalization}]}]}',
      `network.layers.0.layers.0.layers.0.kind: expected ${layerKinds}, got "BatchNormalization"; did you mean batchNorm?`,
    ],
    [
      'network.layers.0={kind: repeat, times: 2, layers: [{kind: dense, units: 3, activatoin: relu}]}',
      'network.layers.0.layers.0.activatoin: unknown key; did you mean activation?',
    ],
    [
      'network.layers.0={kind: residual, layers: [{kind: dense, units: 3, kernel_initializer: he}]}',
      'network.layers.0.layers.0.kernel_initializer: unknown key; did you mean init?',
    ],
    [
      'network.layers.0={kind: repeat, times: 2, repeats: 2, layers: [{kind: flatten}]}',
      'network.layers.0.repeats: unknown key; did you mean times?',
    ],
    [
      'network.layers.0={kind: repeat, times: 1000, layers: [{kind: flatten}, {kind: repeat, times: 10, layers: [{kind: flatten}]}]}',
      'network.layers.0.times: expected at most 10000 layers, all repetitions counted, got 12000',
    ],
    [
      'evaluation.splits=[{split: test}, {split: test}]',
      'evaluation.splits.1.split: expected every split once, got test twice',
    ],
    [
      'evaluation.splits=[{split: test, examples: 0}]',
      'evaluation.splits.0.examples: expected a whole number of at least 1, or all, got 0',
    ],
    [
      'evaluation={predictions: true, splits: [{split: validation}]}',
      'evaluation.predictions: expected the test split in evaluation.splits, as its examples are predicted',
    ],
    ['evaluation.minibatch=yes', 'evaluation.minibatch: expected true or false, got "yes"'],
    ['checkpoint=', `checkpoint: expected a map, got null${empty}`],
    [
      'decision.metric=validation.loss',
      'decision.metric: expected a metric of an evaluated split (test), got validation.loss',
    ],
    ['decision.alpha=1', `decision.alpha: expected ${level}, got 1`],
    [
      'decision.alpha=0.95',
      `decision.alpha: expected ${level}, got 0.95; for 95% confidence write 0.05`,
    ],
    ['decision.alpha=0.5', `decision.alpha: expected ${level}, got 0.5`],
    ['decision.alpha=1e-17', `decision.alpha: expected ${level}, got 1e-17`],
    ['decision.alpha=0', `decision.alpha: expected ${level}, got 0`],
    ['decision.alpha=5%', `decision.alpha: expected ${level}, got "5%"`],
    [
      'variants.b.label="a\\u0001b"',
      'variants.b.label: expected text that can be shown, got U+0001 as character 2',
    ],
    [
      'variants.b.legend="😀\\uFFFF"',
      'variants.b.legend: expected text that can be shown, got U+FFFF as character 2',
    ],
    [
      'variants.b.label="\\uD800"',
      'variants.b.label: expected text that can be shown, got U+D800 as character 1',
    ],
    [
      'variants.b.label="a\\u202Eb"',
      'variants.b.label: expected text that can be shown, got U+202E as character 2',
    ],
    [
      `variants.b.label=${'x'.repeat(121)}`,
      `variants.b.label: expected text of at most 120 characters, got "${'x'.repeat(59)}…"`,
    ],
    [
      'name=con.x',
      "name: expected a name that can be a file's on every system, got con.x, which Windows reserves",
    ],
    [
      `name=${'x'.repeat(65)}`,
      `name: expected a name of at most 64 characters, got "${'x'.repeat(59)}…"`,
    ],
    [
      `variants.nul=${variant}`,
      "variants.nul: expected a name that can be a file's on every system, got nul, which Windows reserves",
    ],
    [`variants.x-c=${variant}`, `variants.x-c: expected ${name}, got "x-c"`],
    [`variants.__proto__=${variant}`, 'variants.__proto__: expected another name, got __proto__'],
    [
      'training.__proto__=1',
      'training.__proto__: unknown key; expected steps, epochs, optimizer, earlyStopping, augmentation or objective',
    ],
    [
      `variants={a: ${variant}, b: ${variant}, __proto__: ${variant}}`,
      'variants.__proto__: expected another name, got __proto__',
    ],
    [
      'variants.c=null',
      'variants.c: expected a map, got null; there is no inherited key that it would remove',
    ],
    [
      'network.layers.0=null',
      'network.layers.0: expected a map with a `kind`, got null; there is no inherited key that it would remove',
    ],
    ['decision.margin=-1', 'decision.margin: expected a number of at least 0, got -1'],
    [
      'name=a/b',
      'name: expected a name of letters, digits, ., - and _ that starts with a letter or digit and does not end with a dot, got "a/b"',
    ],
    ['seeds=[]', 'seeds: expected at least one seed, got an empty list'],
    ['seeds=[1, -2]', 'seeds.1: expected a whole number of at least 0, got -2'],
    ['seeds=[1, 2..x]', 'seeds.1: expected seeds such as [1, 2, 3], 1..10 or "1..3,7", got "2..x"'],
    ['seeds=[3, 1..3]', 'seeds.1: expected every seed once, got 3 twice'],
    [
      'sweep={method: grid, parameters: {}}',
      'sweep.parameters: expected at least one path to vary, got none',
    ],
    [
      'sweep={method: grid, parameters: {a.b: {values: [1]}}}',
      'sweep.parameters."a.b".values.0: a: unknown key; expected name, data, training, evaluation, network, variants, baseline, pairing, seeds, checkpoint, decision or sweep',
    ],
    [
      'sweep={method: grid, parameters: {training.steps: {int: [1, 2]}}}',
      'sweep.parameters."training.steps": expected values in a grid, got int',
    ],
    [
      'sweep={method: grid, samples: 3, parameters: {training.steps: {values: [1]}}}',
      'sweep.samples: expected no samples in a grid, got 3',
    ],
    [
      'sweep={method: race, points: random, parameters: {training.steps: {int: [1, 2]}}}',
      'sweep: expected the number of samples of the random search, got none',
    ],
    [
      'sweep={method: race, parameters: {evaluation.every: {values: [1, 2]}}}',
      'sweep.parameters."evaluation.every": expected a path that a race can vary, got evaluation.every: its points are all measured alike',
    ],
    [
      'sweep={method: race, of: {variant: b, challenger: b}, parameters: {training.steps: {values: [1]}}}',
      'sweep.of: expected one of variant and challenger, got variant and challenger',
    ],
    [
      'sweep={method: grid, of: {variant: b}, parameters: {training.steps: {values: [1]}}}',
      'sweep.of: expected none without `method: race`, got a sweep by grid',
    ],
    [
      'sweep={method: random, parameters: {training.steps: {values: [1]}}}',
      'sweep: expected the number of samples of the random search, got none',
    ],
    [
      'sweep={method: grid, parameters: {training.steps: {values: [1, 0]}}}',
      `sweep.parameters."training.steps".values.1: training.steps: expected ${count}, got 0`,
    ],
    [
      'sweep={method: grid, parameters: {seeds: {values: [1]}}}',
      'sweep.parameters.seeds: expected a path that a sweep can vary, got seeds: every point runs with all of them',
    ],
    ...(
      [
        ['decision.metric', 'test.loss', 'all points are judged alike'],
        ['decision.alpha', '0.1', 'all points are judged alike'],
        ['decision', '{alpha: 0.1}', 'all points are judged alike'],
        ['baseline', 'b', 'all points have the same baseline'],
        ['name', 'y', 'it names the whole run'],
        ['variants.b.label', 'Bee', 'reports name a variant once'],
        ['variants.b.legend', 'Bee', 'figures name a variant once'],
        ['sweep.seed', '2', 'a sweep does not vary itself'],
        ['extends', 'mlp', 'a sweep starts from one configuration'],
      ] as const
    ).map(([path, value, reason]): [string, string] => [
      `sweep={method: grid, parameters: {${path}: {values: [${value}]}}}`,
      `sweep.parameters.${path.includes('.') ? `"${path}"` : path}: expected a path that a sweep can vary, got ${path}: ${reason}`,
    ]),
    [
      `sweep={method: grid, parameters: {variants.b: {values: [{activation: relu, init: he, label: Bee}]}}}`,
      'sweep.parameters."variants.b".values.0: variants.b.label: expected the same at every point (b), got Bee: reports name a variant once',
    ],
    [
      `sweep={method: grid, parameters: {both: {together: [{training.steps: 1, baseline: b}]}}}`,
      'sweep.parameters.both.together.0.baseline: expected a path that a sweep can vary, got baseline: all points have the same baseline',
    ],
    [
      'sweep={method: grid, parameters: {variants.b.dropout: {values: [{rate: 0}]}, variants.b.dropout.rate: {values: [0.1]}}}',
      'sweep.parameters."variants.b.dropout.rate": expected paths that set different keys, got variants.b.dropout.rate, which overlaps variants.b.dropout',
    ],
    [
      'sweep={method: grid, parameters: {variants.b.dropout.rate: {values: [0.1]}, both: {together: [{variants.b: {}}]}}}',
      'sweep.parameters.both.together.0."variants.b": expected paths that set different keys, got variants.b, which overlaps variants.b.dropout.rate',
    ],
    [
      'sweep={method: grid, parameters: {both: {together: [{training.steps: 1}, {training: {steps: 1}, training.steps: 1}]}}}',
      'sweep.parameters.both.together.1."training.steps": expected paths that set different keys, got training.steps, which overlaps training',
    ],
    [
      'sweep={method: grid, parameters: {network.layers.1.units: {values: [5]}, network.layers.01.units: {values: [6]}}}',
      'sweep.parameters."network.layers.01.units": expected the path to be written network.layers.1.units, got network.layers.01.units',
    ],
    [
      `sweep={method: grid, parameters: {'"training".steps': {values: [5]}}}`,
      'sweep.parameters."\\"training\\".steps": expected the path to be written training.steps, got "training".steps',
    ],
    [
      'sweep={method: grid, parameters: {"a\\u0001": {together: [{training.steps: 1}]}}}',
      'sweep.parameters.a\u0001: expected text that can be shown, got U+0001 as character 2',
    ],
    [
      'sweep={method: random, samples: 1, parameters: {training.steps: {int: [2, 1]}}}',
      'sweep.parameters."training.steps": expected low below high, got [2, 1]',
    ],
    [
      'sweep={method: random, samples: 1, parameters: {x: {logUniform: [0, 1]}}}',
      'sweep.parameters.x: expected bounds above 0, got [0, 1]',
    ],
    [
      'sweep={method: random, samples: 1, parameters: {x: {uniform: [0, 1], int: [0, 1]}}}',
      'sweep.parameters.x: expected one of values, uniform, logUniform, int and together, got uniform and int',
    ],
    [
      'sweep={method: grid, parameters: {both: {together: [{}, {}]}}}',
      'sweep.parameters.both.together.0: expected at least one path, got none',
    ],
    [
      'sweep={method: grid, parameters: {both: {together: [{}, {data.batchSize: 0}]}}}',
      'sweep.parameters.both.together.1: data.batchSize: expected a whole number of at least 1, got 0',
    ],
    [
      'sweep={method: grid, parameters: {data.batchSize: {values: [1]}, both: {together: [{}, {data.batchSize: 2}]}}}',
      'sweep.parameters.both.together.1."data.batchSize": expected every path once, got data.batchSize twice',
    ],
    [
      'sweep={method: grid, parameters: [{training.steps: {values: [1]}}, {training.steps: {values: [2, 0]}}]}',
      'sweep.parameters.1."training.steps".values.1: training.steps: expected a whole number of at least 1, got 0',
    ],
    [
      'sweep={method: grid, parameters: [{training.steps: {values: [1]}}, {}]}',
      'sweep.parameters.1: expected at least one path to vary, got none',
    ],
    [
      'sweep={method: grid, parameters: [{training.steps: {values: 1}}]}',
      'sweep.parameters.0."training.steps".values: expected a list, got 1',
    ],
    [
      'sweep={method: grid, parameters: 3}',
      'sweep.parameters: expected a map from a dotted path to its values, or a list of such maps, got 3',
    ],
    [
      'sweep={method: grid, parameters: {training.steps: {values: [1]}, both: {together: [{training.steps: 1}]}}}',
      'sweep.parameters.both.together.0."training.steps": expected every path once, got training.steps twice',
    ],
    [
      'sweep={method: grid, parameters: {both: {together: [{training.steps: 1}, {training.steps: 0}]}}}',
      `sweep.parameters.both.together.1: training.steps: expected ${count}, got 0`,
    ],
    [
      'sweep={method: random, samples: 1, parameters: {network.layers.7.units: {int: [1, 2]}}}',
      'sweep.parameters."network.layers.7.units".int.0: sweep: network.layers: expected the index of an item (0 to 1), got 7',
    ],
  ];
  for (const [flag, message] of errors) {
    it(`refuses --set '${flag}'`, async () => {
      const error = await usageError(() => config(flag));
      expect(error.message.split('\n')[0]).to.equal(`--set ${flag}: ${message}`);
      expect(error.hint).to.be.a('string');
    });
  }

  it('lists every problem, in the order of the file', async () => {
    const text = `name: x
training: { steps: 2, optimizer: { learningRate: fast } }
network: { layers: [{ kind: flatten }, { kind: dense, units: 1.5 }] }
variants:
  snn:
    activation: selu
    init: lecun
    dropout:
      rate: 1
      kid: alpha
  relu: { init: he }
baseline: rellu
`;
    const error = await usageError(() => validate(parseYaml(text, 'configs/x.yaml')));
    expect(error.message.split('\n')).to.deep.equal([
      'configs/x.yaml:2:50: training.optimizer.learningRate: expected a number of at least 0, got "fast"',
      'configs/x.yaml:3:62: network.layers.1.units: expected a whole number of at least 1, got 1.5',
      'configs/x.yaml:9:13: variants.snn.dropout.rate: expected a number in [0, 1), got 1',
      'configs/x.yaml:10:7: variants.snn.dropout.kid: unknown key; did you mean kind?',
      `configs/x.yaml:11:3: variants.relu.activation: required key is missing; expected ${activations}`,
      'configs/x.yaml:12:11: baseline: expected the name of a variant (snn or relu), got "rellu"; did you mean relu?',
    ]);
  });

  it('says of a value that nobody wrote that it is the default', async () => {
    const metric = await usageError(() => config('evaluation.splits=[{split: validation}]'));
    expect(metric.message).to.equal(
      'x.yaml:1:1: decision.metric: expected a metric of an evaluated split (validation), got test.accuracy, the default; set decision.metric',
    );
    const label = await usageError(() => config('variants.a.label=b'));
    expect(label.message).to.equal(
      'x.yaml:6:3: variants.b.label: expected a label unlike that of a, got the same, the default; set variants.b.label',
    );
  });

  it('takes null in a sweep for the point without the key', () => {
    const { sweep } = config(
      'sweep={method: grid, parameters: {variants.b.optimizer.learningRate: {values: [null, 0.5]}, checkpoint.every: {values: [2, null]}}}',
    );
    const points = planPoints(sweep!);
    const rates = points.map((point) => applyPoint(config(), point).variants.b?.optimizer);
    expect(rates).to.deep.equal([
      undefined,
      undefined,
      { learningRate: 0.5 },
      { learningRate: 0.5 },
    ]);
    const every = points.map((point) => applyPoint(config('checkpoint.every=7'), point).checkpoint);
    expect(every.map((checkpoint) => checkpoint.every)).to.deep.equal([2, undefined, 2, undefined]);
  });

  it('takes alternatives of one `together` that overlap, as they never meet', () => {
    const alternatives = '[{variants.b.dropout: {rate: 0.2}}, {variants.b.dropout.rate: 0.1}]';
    expect(() =>
      config(`sweep={method: grid, parameters: {both: {together: ${alternatives}}}}`),
    ).not.to.throw();
  });

  it('takes the widest real bounds', () => {
    const sweep = (bounds: string) =>
      `sweep={method: random, samples: 1, parameters: {training.optimizer.learningRate: ${bounds}}}`;
    expect(() => config(sweep('{logUniform: [1e-300, 1e300]}'))).not.to.throw();
    expect(() => config(sweep('{uniform: [-1.7e308, 1.7e308]}'))).to.throw(
      'expected a number of at least 0',
    );
  });

  it('takes a dropout rate of 0, a seed of 0 and the largest safe seed', () => {
    const largest = Number.MAX_SAFE_INTEGER;
    const { variants, seeds: list } = config('variants.a.dropout.rate=0', `seeds=[0, ${largest}]`);
    expect(variants.a?.dropout.rate).to.equal(0);
    expect(list).to.deep.equal([0, largest]);
  });

  it('takes real bounds up to, but not including, where a value becomes invalid', () => {
    const sweep = (high: number) =>
      `sweep={method: random, samples: 1, parameters: {variants.a.dropout.rate: {uniform: [0, ${high}]}}}`;
    expect(() => config(sweep(1))).not.to.throw();
    expect(() => config(sweep(1.1))).to.throw('expected a number in [0, 1)');
  });
});

describe('--seeds', () => {
  it('takes a number, a list, a range, and a mix', () => {
    expect(seeds('7').seeds).to.deep.equal([7]);
    expect(seeds('1,2,5').seeds).to.deep.equal([1, 2, 5]);
    expect(seeds('1..3').seeds).to.deep.equal([1, 2, 3]);
    expect(seeds('9, 1..3 ,5').seeds).to.deep.equal([9, 1, 2, 3, 5]);
  });

  it('gives every seed of a range once, in order', () => {
    const bounds = fc.tuple(fc.nat({ max: 1e9 }), fc.integer({ min: 0, max: 200 }));
    fc.assert(
      fc.property(bounds, ([first, more]) => {
        const expected = Array.from({ length: more + 1 }, (_, i) => first + i);
        expect(seeds(`${first}..${first + more}`).seeds).to.deep.equal(expected);
      }),
    );
  });

  const errors: [text: string, message: string][] = [
    ['3..1', 'expected an ascending range, got 3..1'],
    ['1,2,1', 'expected every seed once, got 1 twice'],
    ['x', 'expected seeds such as [1, 2, 3], 1..10 or "1..3,7", got "x"'],
    ['', 'expected seeds such as [1, 2, 3], 1..10 or "1..3,7", got ""'],
    ['-1', 'expected seeds such as [1, 2, 3], 1..10 or "1..3,7", got "-1"'],
    ['1.5', 'expected seeds such as [1, 2, 3], 1..10 or "1..3,7", got "1.5"'],
    ['1..20000', 'expected at most 10000 seeds, got 1..20000'],
    ['9007199254740992', 'expected seeds up to 9007199254740991, got 9007199254740992'],
  ];
  for (const [text, message] of errors) {
    it(`refuses ${JSON.stringify(text)}`, async () => {
      const error = await usageError(() => seeds(text));
      expect(error.message).to.equal(`--seeds ${text}: seeds: ${message}`);
    });
  }
});

describe('validate, of optimizers', () => {
  it('fills in the defaults of the kind', () => {
    expect(
      config('training.optimizer={kind: adam, learningRate: 0.001}').training.optimizer,
    ).to.deep.equal({ kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  });

  it("holds a variant's settings against the kind they end up with", async () => {
    const refused = async (setting: string) =>
      (await usageError(() => config(`variants.b.optimizer=${setting}`))).message.replace(
        /.*?[}]: /,
        '',
      );
    expect(await refused('{beta1: 0.8}')).to.equal(
      'variants.b.optimizer.beta1: unknown key; expected kind, learningRate, schedule, momentum, nesterov, weightDecay, clipValue or clipNorm',
    );
    expect(await refused('{kind: adam}')).to.equal(
      'variants.b.optimizer.learningRate: required key is missing; expected a number of at least 0',
    );
    expect(await refused('{kind: adam, learningRate: 1, momentum: 0.5}')).to.equal(
      'variants.b.optimizer.momentum: unknown key; expected kind, learningRate, schedule, beta1, beta2, epsilon, weightDecay, clipValue or clipNorm',
    );
  });
});

describe('validate, of a race', () => {
  const raced = (race: string, ...more: string[]) =>
    config(
      `sweep={method: race, ${race}, parameters: {training.steps: {values: [1, 2]}}}`,
      ...more,
    );
  const refusals: [race: string, more: string[], message: RegExp][] = [
    ['seed: 1', [], /seeds: expected at least 3 seeds for a race, .* got 1/],
    ['seed: 1', ['seeds=1..2'], /seeds: expected at least 3 seeds for a race, .* got 2/],
    [
      'points: random, samples: 1',
      ['seeds=1..3'],
      /sweep: expected at least 2 points to race, got 1/,
    ],
    [
      'metric: train.loss',
      ['seeds=1..3'],
      /sweep\.metric: expected a metric of an evaluated split \(test\), got train\.loss/,
    ],
    [
      'metric: test.ece',
      ['seeds=1..3'],
      /sweep\.metric: expected a metric that is measured \(loss or accuracy; .*\), got test\.ece/,
    ],
    [
      'of: {challenger: a}',
      ['seeds=1..3'],
      /sweep\.of\.challenger: expected the name of a challenger \(b\), got a/,
    ],
    [
      'of: {variant: c}',
      ['seeds=1..3'],
      /sweep\.of\.variant: expected the name of a variant \(a or b\), got c/,
    ],
    [
      'seed: 1',
      ['seeds=1..3', 'variants.c={activation: relu, init: he}'],
      /sweep: expected `of` to say what races, such as \{ challenger: b \}, as there are several challengers \(b, c\), got none/,
    ],
  ];
  for (const [race, more, message] of refusals) {
    it(`refuses ${[race, ...more].join(' ')}`, () => {
      expect(() => raced(race, ...more)).to.throw(message);
    });
  }

  it('takes the difference of the only challenger by the metric of the decision', () => {
    const { sweep } = raced('seed: 1', 'seeds=1..3');
    expect(sweep).to.not.have.any.keys('of', 'metric', 'points');
  });
});

describe('validate, of networks', () => {
  it('lets a layer have its own init and way of dropping, and an optimizer stand still', () => {
    const { network, training } = config(
      'network.layers=[{kind: flatten}, {kind: dropout, method: alpha}, {kind: dense, units: 3, init: lecun}]',
      'training.optimizer.learningRate=0',
    );
    expect(network.layers.slice(1)).to.deep.equal([
      { kind: 'dropout', method: 'alpha' },
      { kind: 'dense', units: 3, init: 'lecun' },
    ]);
    expect(training.optimizer.learningRate).to.equal(0);
  });
});

describe('validateConfig', () => {
  it('gives back a resolved configuration unchanged', () => {
    const resolved = config('variants.b.optimizer={momentum: 0.9}', 'checkpoint.every=5');
    expect(validateConfig(resolved, 'manifest.json')).to.deep.equal(resolved);
  });

  it('names the source', async () => {
    const error = await usageError(() => validateConfig({ ...config(), seeds: [-1] }, 'm.json'));
    expect(error.message).to.equal(
      'm.json: seeds.0: expected a whole number of at least 0, got -1',
    );
  });
});

describe('applyPoint', () => {
  const sweep = 'sweep={method: grid, parameters: {training.steps: {values: [3]}}}';

  it('sets the values and drops the sweep', () => {
    const before = config(sweep);
    const after = applyPoint(before, {
      'training.steps': 3,
      'variants.b.optimizer.learningRate': 0.5,
      'network.layers.1.units': 11,
    });
    expect(after).to.deep.equal(
      config(
        'training.steps=3',
        'variants.b.optimizer.learningRate=0.5',
        'network.layers.1.units=11',
      ),
    );
    expect(before.training.steps).to.equal(2);
  });

  it('refuses a value that is not allowed', async () => {
    const error = await usageError(() => applyPoint(config(), { 'training.steps': 0 }));
    expect(error.message).to.equal(
      'sweep: training.steps: expected a whole number of at least 1, got 0',
    );
  });
});

describe('evaluation.metrics', () => {
  it('names what is measured besides the loss, each once', () => {
    expect(() => config('evaluation.metrics=[accuracy, accuracy]')).to.throw(
      /metrics\.1: expected every metric once/,
    );
    expect(() => config('evaluation.metrics=[acuracy]')).to.throw(/did you mean accuracy/);
  });

  it('are by default those of the objective, and decide', () => {
    const measured = (...sets: string[]) => {
      const { evaluation, decision } = config(...sets);
      return [evaluation.metrics, decision.metric];
    };
    expect(measured()).to.deep.equal([['accuracy'], 'test.accuracy']);
    expect(measured('training.objective={kind: sigmoidCrossEntropy}')).to.deep.equal([
      ['binaryAccuracy'],
      'test.binaryAccuracy',
    ]);
    expect(measured('training.objective={kind: huber}')).to.deep.equal([['r2', 'mae'], 'test.r2']);
    expect(measured('evaluation.metrics=[brier, accuracy]')[1]).to.equal('test.accuracy');
    expect(measured('evaluation.metrics=[brier, ece]')[1]).to.equal('test.brier');
  });

  it('are refused for targets that they say nothing of', () => {
    expect(() => config('evaluation.metrics=[accuracy, mse]')).to.throw(
      /metrics=\[accuracy, mse\]: evaluation\.metrics\.1: expected a metric of classes \(accuracy, .* or ece\), which are the targets of softmaxCrossEntropy, got mse$/,
    );
    const regression = 'training.objective={kind: meanSquaredError}';
    expect(() => config(regression, 'evaluation.metrics=[accuracy]')).to.throw(
      /expected a metric of numbers \(r2, mse or mae\), which are the targets of meanSquaredError, got accuracy/,
    );
    expect(() => config(regression, 'evaluation.predictions=true')).to.throw(
      /evaluation\.predictions: expected none, as they are predicted classes, and the targets of meanSquaredError are numbers/,
    );
    expect(() => config(regression, 'decision.metric=test.accuracy')).to.throw(
      /expected a metric that is measured \(loss, r2 or mae;/,
    );
  });
});

describe('training.objective', () => {
  it('has a kind, with its settings', () => {
    const { objective } = config('training.objective={kind: huber}').training;
    expect(objective).to.deep.equal({ kind: 'huber', delta: 1 });
    const smoothed = config('training.objective={labelSmoothing: 0.1}').training.objective;
    expect(smoothed).to.deep.equal({ kind: 'softmaxCrossEntropy', labelSmoothing: 0.1 });
  });

  const errors: [value: string, message: RegExp][] = [
    ['{kind: hubr}', /training\.objective\.kind: expected .* or softmaxCrossEntropy, got "hubr"/],
    ['{kind: huber, delta: 0}', /delta: expected a number above 0, got 0/],
    ['{kind: meanSquaredError, delta: 1}', /delta: unknown key/],
    ['{labelSmoothing: 1}', /labelSmoothing: expected a number in \[0, 1\), got 1/],
    [
      '{classWeights: [0, 0]}',
      /classWeights: expected at least one weight above 0, got only zeros/,
    ],
    ['{classWeights: [1, -1]}', /classWeights\.1: expected a number of at least 0, got -1/],
    ['huber', /training\.objective: expected a map .*, got "huber"; write \{kind: huber\}/],
  ];
  for (const [value, message] of errors) {
    it(`refuses ${value}`, () => {
      expect(() => config(`training.objective=${value}`)).to.throw(message);
    });
  }
});
