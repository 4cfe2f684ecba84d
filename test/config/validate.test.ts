import { expect } from 'chai';
import fc from 'fast-check';
import { applyOverrides, applySeeds, parseOverride } from '../../src/config/overrides.js';
import { applyPoint, validate, validateConfig } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { minimal, usageError } from './scratch.js';

const config = (...sets: string[]) =>
  validate(applyOverrides(parseYaml(`name: x\n${minimal}`, 'x.yaml'), sets.map(parseOverride)));
const seeds = (text: string) => validate(applySeeds(parseYaml(`name: x\n${minimal}`, 'x'), text));

describe('validate', () => {
  const rate = 'a number in [0, 1)';
  const least0 = 'a number of at least 0';
  const count = 'a whole number of at least 1';
  const activations = 'linear, relu, selu, elu, leakyRelu, tanh or sigmoid';
  const layerKinds = 'conv2d, dense, dropout, flatten or maxPool';
  const name = 'a name of letters, digits, - and _ that starts with a letter';
  const variant = '{activation: relu, init: he}';

  /** The flag, and the message it gives after `--set <flag>: `. */
  const errors: [flag: string, message: string][] = [
    ['training.step=1', 'training.step: unknown key; did you mean steps?'],
    [
      'colour=1',
      'colour: unknown key; expected name, data, training, evaluation, network, variants, baseline, pairing, seeds, checkpoint, decision or sweep',
    ],
    ['training.steps=ten', `training.steps: expected ${count}, got "ten"`],
    ['training.steps=0', `training.steps: expected ${count}, got 0`],
    ['training.steps=1.5', `training.steps: expected ${count}, got 1.5`],
    ['training.steps=', `training.steps: expected ${count}, got null`],
    ['training.steps.x=1', `training.steps: expected ${count}, got a map`],
    ['data.batchSize=[2]', `data.batchSize: expected ${count}, got a list`],
    [
      'data.validationSize=-1',
      'data.validationSize: expected a whole number of at least 0, got -1',
    ],
    ['training.optimizer.kind=adam', 'training.optimizer.kind: expected sgd, got "adam"'],
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
    ['variants.b.label=', 'variants.b.label: expected text on one line, got null'],
    ['baseline=c', 'baseline: expected the name of a variant (a or b), got "c"'],
    [
      'network.layers=[]',
      'network.layers: expected a list of at least one item, got an empty list',
    ],
    ['network.layers.0=dropout', 'network.layers.0: expected a map with a `kind`, got "dropout"'],
    ['network.layers.0.kind=conv', `network.layers.0.kind: expected ${layerKinds}, got "conv"`],
    [
      'network.layers.0={units: 3}',
      `network.layers.0.kind: required key is missing; expected ${layerKinds}`,
    ],
    ['network.layers.1.unit=3', 'network.layers.1.unit: unknown key; did you mean units?'],
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
    ['checkpoint=', 'checkpoint: expected a map, got null'],
    [
      'decision.metric=validation.loss',
      'decision.metric: expected a metric of an evaluated split (test), got validation.loss',
    ],
    ['decision.alpha=1', 'decision.alpha: expected a number in (0, 1), got 1'],
    ['decision.margin=-1', 'decision.margin: expected a number of at least 0, got -1'],
    [
      'name=a/b',
      'name: expected a name of letters, digits, ., - and _ that starts with a letter or digit, got "a/b"',
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
      'sweep={method: random, parameters: {training.steps: {values: [1]}}}',
      'sweep: expected the number of samples of the random search, got none',
    ],
    [
      'sweep={method: grid, parameters: {training.steps: {values: [1, 0]}}}',
      `sweep.parameters."training.steps".values.1: training.steps: expected ${count}, got 0`,
    ],
    [
      'sweep={method: grid, parameters: {seeds: {values: [1]}}}',
      'sweep.parameters.seeds: expected a path a sweep can vary, got seeds',
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
baseline: rely
`;
    const error = await usageError(() => validate(parseYaml(text, 'configs/x.yaml')));
    expect(error.message.split('\n')).to.deep.equal([
      'configs/x.yaml:2:50: training.optimizer.learningRate: expected a number of at least 0, got "fast"',
      'configs/x.yaml:3:62: network.layers.1.units: expected a whole number of at least 1, got 1.5',
      'configs/x.yaml:9:13: variants.snn.dropout.rate: expected a number in [0, 1), got 1',
      'configs/x.yaml:10:7: variants.snn.dropout.kid: unknown key; did you mean kind?',
      `configs/x.yaml:11:3: variants.relu.activation: required key is missing; expected ${activations}`,
      'configs/x.yaml:12:11: baseline: expected the name of a variant (snn or relu), got "rely"; did you mean relu?',
    ]);
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
