import { expect } from 'chai';
import { drawn, initializerNames } from '../../src/model/initializers.js';
import type { InitializerName } from '../../src/model/initializers.js';

const fans = { fanIn: 300, fanOut: 100 };

/** By arXiv:1502.01852 (he), LeCun et al. 1998 (lecun), Glorot and Bengio 2010. */
const variances: Readonly<Record<InitializerName, number>> = {
  he: 2 / 300,
  heUniform: 2 / 300,
  lecun: 1 / 300,
  lecunUniform: 1 / 300,
  glorot: 2 / 400,
  glorotUniform: 2 / 400,
};

describe('drawn', () => {
  for (const name of initializerNames) {
    it(`gives ${name} weights the documented variance and distribution`, () => {
      expect(drawn(name, fans)).to.deep.equal({
        distribution: name.endsWith('Uniform') ? 'uniform' : 'normal',
        variance: variances[name],
      });
    });
  }
});
