import { expect } from 'chai';
import { configHash } from '../../src/config/hash.js';
import { applyOverrides, parseOverride } from '../../src/config/overrides.js';
import { validate } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { LockstepError } from '../../src/protocol/index.js';
import { configInSteps } from '../../src/run/config-in-steps.js';
import { dataSources, sourceOf } from '../../src/run/data-sources.js';
import type { Manifest } from '../../src/run/manifest.js';
import { planTrial } from '../../src/trial/plan.js';
import { minimal } from '../config/scratch.js';
import { expectError } from '../support/expect-error.js';

const config = (...sets: string[]) =>
  validate(applyOverrides(parseYaml(`name: x\n${minimal}`, 'x.yaml'), sets.map(parseOverride)));
const sizes = ['data.batchSize=8', 'data.validationSize=20'];

describe('configInSteps', () => {
  it('counts an epoch in whole minibatches of the training split', () => {
    const every = ['evaluation.every=epoch', 'checkpoint.every=epoch'];
    const { training, evaluation, checkpoint } = configInSteps(
      config(...sizes, 'training.epochs=3', ...every),
      103,
    );
    // 83 examples are left to train on: ten minibatches of 8.
    expect(training.steps).to.equal(30);
    expect([evaluation.every, checkpoint.every]).to.deep.equal([10, 10]);
  });

  it('refuses more epochs than their steps can be counted', async () => {
    const { path } = await expectError(
      'usage',
      'training.epochs: expected at most 900719925474099, of 10 steps each, got 900719925474100',
      () => configInSteps(config(...sizes, 'training.epochs=900719925474100'), 103),
    );
    expect(path).to.deep.equal(['training', 'epochs']);
    const most = configInSteps(config(...sizes, 'training.epochs=900719925474099'), 103);
    expect(most.training.steps).to.equal(9007199254740990);
  });

  it('leaves steps as they are, whatever the data', () => {
    const { training, evaluation } = configInSteps(config('evaluation.every=4'), undefined);
    expect([training.steps, evaluation.every]).to.deep.equal([config().training.steps, 4]);
  });

  it('makes the same trial of epochs and of their steps', () => {
    const trial = { index: 0, point: {}, seed: 1 };
    const hashes = ['training.epochs=3', 'training.steps=30'].map(
      (length) =>
        planTrial({ config: config(...sizes, length), trainingExamples: 103 }, trial).configHash,
    );
    expect(hashes[1]).to.equal(hashes[0]);
    expect(configHash(config(...sizes, 'training.epochs=3'))).not.to.equal(hashes[0]);
  });

  it('counts by the minibatches and the split of each point of a sweep', () => {
    const manifest = { config: config(...sizes, 'training.epochs=3'), trainingExamples: 103 };
    const stepsAt = (point: Record<string, unknown>) =>
      planTrial(manifest, { index: 0, point, seed: 1 }).steps;
    expect(stepsAt({ 'data.batchSize': 16 })).to.equal(15);
    expect(stepsAt({ 'data.validationSize': 0 })).to.equal(36);
    expect(stepsAt({ 'training.epochs': 1 })).to.equal(10);
    expect(stepsAt({ 'training.steps': 7 })).to.equal(7);
  });

  it('counts by the dataset of each point where a sweep goes over several', () => {
    const set = (path: string, target = 'x') =>
      ({ 'data.path': path, 'data.csv': { target, missing: 'refuse', delimiter: ',' } }) as const;
    const together = JSON.stringify([set('/a'), set('/b'), set('/b', 'y')]);
    const swept = config(
      ...sizes,
      'training.epochs=3',
      `sweep={method: grid, parameters: {sets: {together: ${together}}, data.batchSize: {values: [8, 4]}}}`,
    );
    const sources = dataSources(swept);
    expect(sources).to.have.length(3);
    const datasets = sources.map((data, index) => {
      return { source: sourceOf(data), trainingExamples: [103, 36, 28][index]! };
    });
    // As it comes back from the file.
    const manifest = JSON.parse(JSON.stringify({ config: swept, datasets })) as Manifest;
    const stepsAt = (point: Record<string, unknown>) =>
      planTrial(manifest, { index: 0, point, seed: 1 }).steps;
    expect(stepsAt({ ...set('/a'), 'data.batchSize': 8 })).to.equal(30);
    expect(stepsAt({ ...set('/a'), 'data.batchSize': 4 })).to.equal(60);
    expect(stepsAt({ ...set('/b'), 'data.batchSize': 8 })).to.equal(6);
    expect(stepsAt({ ...set('/b', 'y'), 'data.batchSize': 8 })).to.equal(3);
    expect(() => stepsAt({ ...set('/c'), 'data.batchSize': 8 })).to.throw(LockstepError);
  });

  it('needs to know how many examples there are', () => {
    expect(() => configInSteps(config('training.epochs=3'), undefined))
      .to.throw(LockstepError, 'trainingExamples')
      .with.property('code', 'data');
  });
});
