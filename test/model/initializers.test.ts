import { expect } from 'chai';
import { drawn, initializerNames } from '../../src/model/initializers.js';
import type { InitialValues } from '../../src/protocol/index.js';
import type { InitializerName } from '../../src/model/initializers.js';

const fans = { fanIn: 300, fanOut: 100 };

/** By arXiv:1502.01852 (he), LeCun et al. 1998 (lecun), Glorot and Bengio 2010; Keras's defaults. */
const expected: Readonly<Record<InitializerName, InitialValues>> = {
  he: { distribution: 'normal', variance: 2 / 300 },
  heUniform: { distribution: 'uniform', variance: 2 / 300 },
  lecun: { distribution: 'normal', variance: 1 / 300 },
  lecunUniform: { distribution: 'uniform', variance: 1 / 300 },
  glorot: { distribution: 'normal', variance: 2 / 400 },
  glorotUniform: { distribution: 'uniform', variance: 2 / 400 },
  truncatedNormal: { distribution: 'truncatedNormal', stddev: 0.05 },
  orthogonal: { distribution: 'orthogonal', gain: 1 },
  zeros: 'zeros',
};

describe('drawn', () => {
  for (const name of initializerNames) {
    it(`gives ${name} weights the documented distribution`, () => {
      expect(drawn(name, fans)).to.deep.equal(expected[name]);
    });
  }

  it('takes the settings of initializers that have some', () => {
    expect(drawn({ kind: 'truncatedNormal' }, fans)).to.deep.equal(expected.truncatedNormal);
    expect(drawn({ kind: 'truncatedNormal', stddev: 1 }, fans)).to.deep.include({ stddev: 1 });
    expect(drawn({ kind: 'orthogonal' }, fans)).to.deep.equal(expected.orthogonal);
    expect(drawn({ kind: 'orthogonal', gain: 2 }, fans)).to.deep.include({ gain: 2 });
  });
});
