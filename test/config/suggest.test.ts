import { expect } from 'chai';
import { suggest } from '../../src/config/suggest.js';

describe('suggest', () => {
  const keys = ['batchSize', 'dataset', 'every', 'keep'];

  it('finds the nearest word, whatever its case', () => {
    expect(suggest('batchsize', keys)).to.equal('batchSize');
    expect(suggest('evry', keys)).to.equal('every');
  });

  it('stays silent when nothing is near', () => {
    expect(suggest('learningRate', keys)).to.equal(undefined);
  });

  it('does not suggest a short word that shares no letter', () => {
    expect(suggest('xy', ['ab'])).to.equal(undefined);
  });
});
