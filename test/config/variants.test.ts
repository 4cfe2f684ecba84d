import { expect } from 'chai';
import { parseYaml } from '../../src/config/yaml.js';
import { validate } from '../../src/config/validate.js';
import { networkVariants } from '../../src/config/variants.js';
import { defaultObjective } from '../../src/model/objectives.js';

describe('networkVariants', () => {
  const text = `name: x
training: { steps: 2, optimizer: { learningRate: 0.1, momentum: 0.5 } }
network: { layers: [{ kind: flatten }, { kind: dense, units: 10 }] }
variants:
  plain: { activation: relu, init: he }
  own:
    label: Own
    legend: Loss of Own
    input: standardized
    activation: selu
    init: lecun
    dropout: { kind: alpha, rate: 0.1 }
    network:
      layers:
        - { kind: flatten }
        - { kind: dropout }
        - { kind: dense, units: 9 }
        - { kind: dropout, method: standard, rate: 0.2 }
        - { kind: dense, units: 10, init: glorot }
    optimizer: { learningRate: 0.2 }
baseline: own
`;
  const specs = networkVariants(validate(parseYaml(text, 'x.yaml')));

  it('keeps the order of the configuration, wherever the baseline stands', () => {
    expect(specs.map(({ name }) => name)).to.deep.equal(['plain', 'own']);
  });

  it('gives a variant the shared network and optimizer', () => {
    expect(specs[0]).to.deep.equal({
      name: 'plain',
      label: 'plain',
      input: 'raw',
      updatesPerStep: 1,
      layers: [
        { kind: 'flatten' },
        { kind: 'dense', units: 10, activation: { kind: 'linear' }, init: 'he', bias: true },
      ],
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
      objective: defaultObjective,
    });
  });

  it("lays the variant's own settings over them", () => {
    expect(specs[1]).to.deep.equal({
      name: 'own',
      label: 'Own',
      legend: 'Loss of Own',
      input: 'standardized',
      updatesPerStep: 1,
      layers: [
        { kind: 'flatten' },
        { kind: 'dropout', method: 'alpha', rate: 0.1 },
        { kind: 'dense', units: 9, activation: { kind: 'selu' }, init: 'lecun', bias: true },
        { kind: 'dropout', method: 'standard', rate: 0.2 },
        { kind: 'dense', units: 10, activation: { kind: 'linear' }, init: 'glorot', bias: true },
      ],
      optimizer: { kind: 'sgd', learningRate: 0.2, momentum: 0.5 },
      objective: defaultObjective,
    });
  });

  it('keeps the activation a layer names, and makes the one that gives the logits linear', () => {
    const layers = `[{kind: conv2d, filters: 2, kernelSize: 3}, {kind: conv2d, filters: 2, kernelSize: 3, activation: tanh}, {kind: conv2d, filters: 10, kernelSize: 28, padding: valid}, {kind: flatten}]`;
    const [plain] = networkVariants(
      validate(parseYaml(text.replace(/network: .*/, `network: { layers: ${layers} }`), 'x.yaml')),
    );
    const activations = plain?.layers.flatMap((layer) =>
      'activation' in layer ? [layer.activation.kind] : [],
    );
    expect(activations).to.deep.equal(['relu', 'tanh', 'linear']);
  });

  it("replaces the shared optimizer by the variant's own of another kind", () => {
    const adam = '{ kind: adam, learningRate: 0.001, beta1: 0.8 }';
    const [, own] = networkVariants(
      validate(parseYaml(text.replace('{ learningRate: 0.2 }', adam), 'x.yaml')),
    );
    expect(own?.optimizer).to.deep.equal({
      ...{ kind: 'adam', learningRate: 0.001, beta1: 0.8 },
      ...{ beta2: 0.999, epsilon: 1e-7 },
    });
  });
});
