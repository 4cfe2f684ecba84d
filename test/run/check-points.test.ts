import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfigWithSources } from '../../src/config/load.js';
import { selectExamples } from '../../src/data/column.js';
import type { Dataset } from '../../src/data/dataset.js';
import { checkPoints } from '../../src/run/check-points.js';
import { dataSources } from '../../src/run/data-sources.js';
import { usageError } from '../config/scratch.js';
import { datasetOf, labeledImages } from '../support/examples.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

/** 60 training and 20 test examples of two values and three classes. */
const dataset = datasetOf(examples(60), examples(20));

const text = `name: x
data:
  batchSize: 8
  validationSize: 10
training: { steps: 2, optimizer: { learningRate: 0.1 } }
network:
  layers:
    - { kind: flatten }
    - { kind: dense, units: 3 }
variants:
  a: { activation: relu, init: he }
  b:
    activation: selu
    init: lecun
    network:
      layers:
        - { kind: dense, units: 3 }
`;

function check(yaml: string, ...overrides: string[]) {
  return checkOn(dataset, yaml, ...overrides);
}

function checkOn(data: Dataset, yaml: string, ...overrides: string[]) {
  return withTemporaryFolder(async (cwd) => {
    await writeFile(join(cwd, 'x.yaml'), yaml);
    const { config, blame } = await loadConfigWithSources({ file: 'x.yaml', overrides, cwd });
    checkPoints(config, data, [], blame);
  });
}

async function problem(yaml: string, ...overrides: string[]) {
  const { message, hint } = await usageError(() => check(yaml, ...overrides));
  return { message, hint };
}

describe('checkPoints', () => {
  it('takes what fits the data', () => check(text));

  it('refuses class weights for other than its outputs, and targets that its objective does not compare', async () => {
    const weights = 'training.objective={classWeights: [1, 2]}';
    expect((await problem(text, weights)).message).to.equal(
      `--set ${weights}: variant a: training.objective: expected 3 classWeights, one for each unit of the last layer, got 2`,
    );
    const regression = 'training.objective={kind: meanSquaredError}';
    const { message } = await expectError('usage', /variant a: training\.objective: /, () =>
      check(text, regression),
    );
    expect(message).to.include('which compares 3 numbers, one for each unit of the last layer');
  });

  it('refuses balanced class weights where the training split lacks a class', async () => {
    const balanced = 'training.objective={classWeights: balanced}';
    await check(text, balanced);
    const five = text.replace('    - { kind: dense, units: 3 }', '    - { kind: dense, units: 5 }');
    expect((await problem(five, balanced)).message).to.include(
      'training.objective.classWeights: expected training examples of all 5 classes to balance, got none of 3, 4',
    );
  });

  it('refuses a last layer with too few units, the shared one and a variant’s own', async () => {
    const two = text.replace('    - { kind: dense, units: 3 }', '    - { kind: dense, units: 2 }');
    expect((await problem(two)).message).to.match(
      /^x\.yaml:9:7: variant a: network\.layers\.1: expected at least 3 units, .* got 2; class 2 is at position 2 /,
    );
    const own = text.replace(
      '        - { kind: dense, units: 3 }',
      '        - { kind: dense, units: 1 }',
    );
    expect((await problem(own)).message).to.match(
      /^x\.yaml:17:11: variant b: network\.layers\.0: expected at least 3 units, /,
    );
  });

  it('refuses schedules that the training is too short for, naming both keys', async () => {
    const refused = async (schedule: string, ...others: string[]) => {
      const set = `training.optimizer.schedule=${schedule}`;
      const { message } = await problem(text, 'training.steps=10', set, ...others);
      return message.replace(`--set ${set}: training.optimizer.schedule.`, '');
    };
    const never = 'which the training never reaches';
    expect(await refused('{kind: constant, warmup: 11}')).to.equal(
      `warmup: expected at most the 10 steps of training.steps, got 11, ${never}`,
    );
    expect(await refused('{kind: cosine, warmup: 3, steps: 8}')).to.equal(
      `steps: expected at most 7, what a warm-up of 3 leaves of the 10 steps of training.steps, got 8, ${never}`,
    );
    expect(await refused('{kind: linear, steps: 11}')).to.match(/^steps: .* got 11,/);
    expect(await refused('{kind: step, every: 11}')).to.match(/^every: .* got 11,/);
    expect(await refused('{kind: step, at: [2, 9, 12]}')).to.match(/^at\.2: .* got 12,/);
    for (const schedule of [
      '{kind: constant, warmup: 10}',
      '{kind: cosine, warmup: 3, steps: 7}',
      '{kind: exponential, factor: 0.5, every: 99}',
      '{kind: step, at: [10]}',
    ]) {
      await check(text, 'training.steps=10', `training.optimizer.schedule=${schedule}`);
    }
  });

  it('refuses schedules of a variant, and counts epochs by the data', async () => {
    const own = 'variants.b.optimizer.schedule={kind: cosine, warmup: 13}';
    const epochs = 'training={epochs: 2, optimizer: {learningRate: 0.1}}';
    // 50 examples train, in 6 minibatches of 8.
    expect((await problem(text, epochs, own)).message).to.equal(
      `--set ${own}: variants.b.optimizer.schedule.warmup: expected at most the 12 steps of training.epochs (2), got 13, which the training never reaches`,
    );
    await check(text, epochs, own.replace('13', '12'));
  });

  it('refuses a metric that says nothing of so few classes', async () => {
    const metrics = 'evaluation.metrics=[accuracy, top5Accuracy]';
    expect((await problem(text, metrics)).message).to.equal(
      `--set ${metrics}: variant a: evaluation.metrics.1: expected a metric of 3 classes, got top5Accuracy, which needs at least 6`,
    );
  });

  it('says where a size stands that does not fit', async () => {
    expect((await problem(text.replace('batchSize: 8', 'batchSize: 51'))).message).to.equal(
      'x.yaml:3:14: data.batchSize: expected at most the 50 examples of the training split, got 51',
    );
    expect((await problem(text, 'data.validationSize=60')).message).to.match(
      /^--set data.validationSize=60: data.validationSize: expected a whole number from 0 to 59, as .* has 60 training examples, got 60$/,
    );
    const splits = 'evaluation.splits=[{split: test, examples: 21}]';
    expect((await problem(text, splits)).message).to.equal(
      `--set ${splits}: evaluation.splits.0.examples: expected at most the 20 examples of the test split, got 21`,
    );
  });

  it('says that a fraction rounds to no example', async () => {
    const { message, hint } = await problem(
      text.replace('  validationSize: 10\n', '  validation: { fraction: 0.005 }\n'),
      'evaluation.splits=[{split: validation}]',
      'decision.metric=validation.loss',
    );
    expect(message).to.match(/evaluation\.splits\.0: .* got validation, which has none$/);
    expect(hint).to.equal('Raise data.validation.fraction: 0.005 of 60 examples rounds to none.');
  });

  it('needs test data only where the test split is evaluated', async () => {
    const none = selectExamples(dataset.test, new Int32Array());
    const lacking = { ...dataset, test: none, withoutTest: 'test.csv' };
    const { hint } = await expectError(
      'data',
      /x\.yaml:.*: evaluation\.splits\.0: .* got test, which has none, as made-up has no test\.csv/,
      () => checkOn(lacking, text),
    );
    expect(hint).to.include('decision.metric');
    const evaluation = 'evaluation: { splits: [{ split: validation }] }\n';
    await checkOn(lacking, `${text}${evaluation}decision: { metric: validation.accuracy }\n`);
  });

  it('says of a size that nobody wrote that it is the default', async () => {
    const { message, hint } = await problem(text.replace('  validationSize: 10\n', ''));
    expect(message).to.match(
      /^x\.yaml:2:1: data\.validationSize: expected .* 0 to 59, .*, got 5000, the default$/,
    );
    expect(hint).to.equal('Set data.validationSize, which has its default.');
    const batch = await problem(text.replace('  batchSize: 8\n', ''));
    expect(batch.message).to.match(/^x\.yaml:2:1: data\.batchSize: .*, got 128, the default$/);
  });

  it('says where a layer stands that does not fit, the shared one or a variant’s own', async () => {
    const conv = '{ kind: conv2d, filters: 1, kernelSize: 3 }';
    expect((await problem(text.replace('{ kind: flatten }', conv))).message).to.match(
      /^x\.yaml:8:7: variant a: network\.layers\.0 \(conv2d\): expected /,
    );
    const own = text.replace(
      '        - { kind: dense',
      `        - ${conv}\n        - { kind: dense`,
    );
    expect((await problem(own)).message).to.match(
      /^x\.yaml:17:11: variant b: network\.layers\.0 \(conv2d\): expected /,
    );
    expect((await problem(text, `network.layers.0=${conv}`)).message).to.match(
      /^--set network\.layers\.0=.*: variant a: network\.layers\.0/,
    );
  });

  it('says where a repeated layer stands that does not fit, and in which repetition', async () => {
    const repeated = (indent: string) =>
      [
        '- kind: repeat',
        '  times: 3',
        '  layers:',
        '    - { kind: dense, units: 4 }',
        '    - { kind: maxPool, poolSize: 2 }',
      ]
        .map((line) => `${indent}${line}\n`)
        .join('');
    const before = '    - { kind: dense, units: 3 }\n';
    expect((await problem(text.replace(before, `${repeated('    ')}${before}`))).message).to.match(
      /^x\.yaml:13:11: variant a: network\.layers\.1\.layers\.1 \(maxPool, repetition 1 of 3\): /,
    );
    const own = text.replace(`    ${before}`, `${repeated('        ')}    ${before}`);
    expect((await problem(own)).message).to.match(
      /^x\.yaml:21:15: variant b: network\.layers\.0\.layers\.1 \(maxPool, repetition 1 of 3\): /,
    );
    const conv = '{ kind: conv2d, filters: 1, kernelSize: 2, padding: valid }';
    const twice = text
      .replace(
        '- { kind: flatten }',
        `- { kind: repeat, times: 1, layers: [${conv}, { kind: flatten }] }`,
      )
      .replace(/ {4}network:[^]*/, '');
    const sweep =
      'sweep: { method: grid, parameters: { network.layers.0.times: { values: [1, 2] } } }\n';
    const images = datasetOf(squares(60), squares(20));
    const { message } = await usageError(() => checkOn(images, twice + sweep));
    expect(message).to.match(
      /^x\.yaml:8:\d+: point 1 \(network\.layers\.0\.times=2\): variant a: network\.layers\.0\.layers\.0 \(conv2d, repetition 2 of 2\): /,
    );
  });

  it('checks the points of its dataset alone, in epochs as in steps', async () => {
    const sweep = (path: string) => `${text}sweep:
  method: grid
  parameters:
    data.path: { values: [one, ${path}] }
`;
    await withTemporaryFolder(async (cwd) => {
      const loaded = async (yaml: string) => {
        await writeFile(join(cwd, 'x.yaml'), yaml);
        return loadConfigWithSources({ file: 'x.yaml', overrides: [], cwd });
      };
      const { config, blame } = await loaded(sweep('two'));
      const [one, two] = dataSources(config);
      const tooSmall = datasetOf(examples(9), examples(20));
      checkPoints(config, dataset, [], blame, one);
      await expectError('usage', /point 1 \(data\.path=".*two"\): data\.validationSize/, () => {
        checkPoints(config, tooSmall, [], blame, two);
      });
      const epochs = await loaded(sweep('two').replace('steps: 2', 'epochs: 2'));
      checkPoints(epochs.config, dataset, [], epochs.blame, dataSources(epochs.config)[0]);
    });
  });

  it('points to the sweep where a point is at fault, and to the file where it is not', async () => {
    const sweep = (path: string, values: string) =>
      `${text}sweep:\n  method: grid\n  parameters:\n    ${path}: { values: ${values} }\n`;
    expect((await problem(sweep('data.batchSize', '[1, 99]'))).message).to.equal(
      'x.yaml:21:21: point 1 (data.batchSize=99): data.batchSize: expected at most the 50 examples of the training split, got 99',
    );
    const other = sweep('training.steps', '[1]').replace('batchSize: 8', 'batchSize: 99');
    expect((await problem(other)).message).to.match(
      /^x\.yaml:3:14: point 0 \(training\.steps=1\): /,
    );
    const layers = sweep('network.layers', '[[{ kind: maxPool }]]');
    expect((await problem(layers)).message).to.match(
      /^x\.yaml:21:21: point 0 .*: network\.layers\.0/,
    );
  });
});

function examples(count: number) {
  return labeledImages(
    Array.from({ length: count }, (_, i) => [i, 255 - i]),
    Array.from({ length: count }, (_, i) => i % 3),
  );
}

/** Pictures of 2 x 2 pixels. */
function squares(count: number) {
  return labeledImages(
    Array.from({ length: count }, (_, i) => [i, i, 0, 0]),
    Array.from({ length: count }, (_, i) => i % 3),
    [2, 2, 1],
  );
}
