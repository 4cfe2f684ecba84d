import { expect } from 'chai';
import { applyOverrides, parseOverride } from '../../src/config/overrides.js';
import { validate } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { configInSteps } from '../../src/run/config-in-steps.js';
import { trainingWarnings } from '../../src/run/training-warnings.js';
import { minimal } from '../config/scratch.js';

function warnings(...settings: string[]): string[] {
  const root = parseYaml(`name: x\n${minimal}`, 'x.yaml');
  const config = validate(applyOverrides(root, settings.map(parseOverride)));
  return trainingWarnings(configInSteps(config, 100));
}

describe('trainingWarnings', () => {
  const splits = 'evaluation.splits=[{split: test}]';
  const stopping = (patience: number) =>
    `training.earlyStopping={metric: test.loss, patience: ${patience}}`;

  it('say that no variant can stop before the end of the training', () => {
    const steps = ['training.steps=10', 'evaluation.every=2', splits];
    expect(warnings(...steps, stopping(4))).to.deep.equal([
      'training.earlyStopping.patience is 4 evaluations: at one in 2 steps (evaluation.every) no variant can stop before step 10, and the training has 10 steps',
    ]);
    expect(warnings(...steps, stopping(3))).to.deep.equal([]);
  });

  it('count epochs', () => {
    const epochs = ['data.batchSize=10', 'data.validationSize=0', 'evaluation.every=epoch', splits];
    const training = 'training={epochs: 4, optimizer: {learningRate: 0.1}}';
    expect(warnings(training, ...epochs, stopping(2))).to.deep.equal([]);
    expect(warnings(training, ...epochs, stopping(3))).to.have.length(1);
  });

  it('say nothing without early stopping', () => {
    expect(warnings('training.steps=1', 'evaluation.every=50')).to.deep.equal([]);
  });
});
