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

  it('takes two letters in the wrong order for one slip', () => {
    expect(suggest('mnsit', ['mnist'])).to.equal('mnist');
    expect(suggest('tset', ['train', 'validation', 'test'])).to.equal('test');
  });

  it('finds a long word whose beginning is mistyped', () => {
    expect(suggest('raining', ['data', 'training'])).to.equal('training');
  });

  it('takes other words of the same kind for what they are', () => {
    const activations = ['linear', 'relu', 'selu', 'elu', 'leakyRelu', 'tanh', 'sigmoid'];
    for (const word of ['gelu', 'celu', 'mish', 'silu', 'swish', 'prelu', 'softmax']) {
      expect(suggest(word, activations), word).to.equal(undefined);
    }
    expect(suggest('init', ['kind', 'units', 'activation'])).to.equal(undefined);
    expect(suggest('c', ['a', 'b'])).to.equal(undefined);
    expect(suggest('lr', ['kind', 'learningRate', 'momentum'])).to.equal(undefined);
  });

  it('prefers the nearest', () => {
    expect(suggest('rel', ['real', 'relu', 'rel2x'])).to.equal('real');
    expect(suggest('learning_rate', ['momentum', 'learningRate'])).to.equal('learningRate');
  });

  it('does not suggest a short word that shares no letter', () => {
    expect(suggest('xy', ['ab'])).to.equal(undefined);
  });
});
