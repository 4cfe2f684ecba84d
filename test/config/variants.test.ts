import { expect } from 'chai';
import { parseYaml } from '../../src/config/yaml.js';
import { validate } from '../../src/config/validate.js';
import { variantSpecs } from '../../src/config/variants.js';

describe('variantSpecs', () => {
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
    network: { layers: [{ kind: flatten }] }
    optimizer: { learningRate: 0.2 }
baseline: own
`;
  const specs = variantSpecs(validate(parseYaml(text, 'x.yaml')));

  it('keeps the order of the configuration, wherever the baseline stands', () => {
    expect(specs.map(({ name }) => name)).to.deep.equal(['plain', 'own']);
  });

  it('gives a variant the shared network and optimizer', () => {
    expect(specs[0]).to.deep.equal({
      name: 'plain',
      label: 'plain',
      input: 'raw',
      activation: 'relu',
      init: 'he',
      dropout: { kind: 'standard', rate: 0 },
      layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }],
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
    });
  });

  it("lays the variant's own settings over them", () => {
    expect(specs[1]).to.deep.equal({
      name: 'own',
      label: 'Own',
      legend: 'Loss of Own',
      input: 'standardized',
      activation: 'selu',
      init: 'lecun',
      dropout: { kind: 'alpha', rate: 0.1 },
      layers: [{ kind: 'flatten' }],
      optimizer: { kind: 'sgd', learningRate: 0.2, momentum: 0.5 },
    });
  });
});
