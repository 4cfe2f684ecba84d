import { expect } from 'chai';
import fc from 'fast-check';
import { formatPath, parsePath } from '../../src/config/path.js';

describe('parsePath', () => {
  it('splits at dots', () => {
    expect(parsePath('network.layers.0.filters')).to.deep.equal([
      'network',
      'layers',
      '0',
      'filters',
    ]);
  });

  it('keeps dots inside quotes', () => {
    expect(parsePath('sweep.parameters."a.b".values')).to.deep.equal([
      'sweep',
      'parameters',
      'a.b',
      'values',
    ]);
  });

  for (const text of ['', '.', 'a.', '.a', 'a..b', '"a', '"a"b']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parsePath(text)).to.equal(undefined);
    });
  }

  it('is the inverse of formatPath for any segments', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).to.deep.equal(path);
      }),
    );
  });
});
