import { expect } from 'chai';
import fc from 'fast-check';
import { nameFrom, runName, variantName } from '../../src/config/schema/names.js';

const long = (letter: string) => letter.repeat(65);

describe('runName', () => {
  it('takes letters of any script, digits, dots, dashes and underscores', () => {
    for (const name of [
      'a',
      '7',
      'run-1.2_x',
      'größe',
      'эксперимент',
      '実験1',
      'हिन्दी',
      'console',
      'nul-1',
    ]) {
      expect(runName.safeParse(name).success, name).to.equal(true);
    }
  });

  it('refuses what some file system does not take', () => {
    const names = [
      '',
      '.',
      '..',
      '.x',
      'x.',
      '-x',
      'a/b',
      'a b',
      'a:b',
      'a\u0000',
      'a\u202eb',
      long('x'),
    ];
    for (const name of [...names, 'CON', 'nul', 'Com1', 'lpt9.x', 'aux.yaml', 'com¹']) {
      expect(runName.safeParse(name).success, name).to.equal(false);
    }
  });
});

describe('variantName', () => {
  it('is one ASCII word that is neither reserved nor ignored', () => {
    for (const name of ['relu', 'B-2_x', 'xenon', 'x']) {
      expect(variantName.safeParse(name).success, name).to.equal(true);
    }
    for (const name of ['1x', 'x-relu', 'é', 'a.b', 'CON', 'prn', 'lpt1', long('v'), '__proto__']) {
      expect(variantName.safeParse(name).success, name).to.equal(false);
    }
  });
});

describe('nameFrom', () => {
  it('keeps letters, and replaces what a name cannot have', () => {
    expect(nameFrom('Größe & Länge.yaml')).to.equal('Größe-Länge');
    expect(nameFrom('実験.YML')).to.equal('実験');
    expect(nameFrom('_-.yaml')).to.equal('config');
    expect(nameFrom('con.yaml')).to.equal('config-con');
    // As macOS may spell it: the letter and its mark apart.
    expect(nameFrom('e\u0301.yaml')).to.equal('é');
  });

  it('always gives a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (file) => {
        expect(runName.safeParse(nameFrom(file)).success).to.equal(true);
      }),
    );
  });
});
