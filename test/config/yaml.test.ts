import { expect } from 'chai';
import { nodeAt, placeOf, toPlain } from '../../src/config/sourced.js';
import { parseYaml } from '../../src/config/yaml.js';
import { usageError } from './scratch.js';

describe('parseYaml', () => {
  it('keeps where keys and values stand', () => {
    const root = parseYaml('a:\n  b: [1, 2]\n', 'x.yaml');
    expect(toPlain(root)).to.deep.equal({ a: { b: [1, 2] } });
    expect(placeOf(root, ['a', 'b'], 'key')).to.deep.equal({
      source: 'x.yaml',
      line: 2,
      column: 3,
    });
    expect(placeOf(root, ['a', 'b', 1], 'value')).to.deep.equal({
      source: 'x.yaml',
      line: 2,
      column: 10,
    });
  });

  it('places what is missing at the nearest key above it', () => {
    const root = parseYaml('a:\n  b: 1\n', 'x.yaml');
    expect(placeOf(root, ['a', 'c', 'd'], 'value')).to.include({ line: 1, column: 1 });
  });

  it('reads anchors and aliases', () => {
    const root = parseYaml('a: &x { k: 1 }\nb: *x\n', 'x.yaml');
    expect(toPlain(root)).to.deep.equal({ a: { k: 1 }, b: { k: 1 } });
  });

  it('keeps a key named __proto__ an ordinary key', () => {
    const plain = toPlain(parseYaml('__proto__: { polluted: true }', 'x.yaml')) as object;
    expect(Object.keys(plain)).to.deep.equal(['__proto__']);
    expect(nodeAt(parseYaml('a: 1', 'x.yaml'), ['toString'])).to.equal(undefined);
  });

  const errors: [title: string, text: string, message: string][] = [
    [
      'an unclosed list',
      'a: 1\nb: [1,\n',
      'x.yaml:3:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a key given twice', 'a: 1\na: 2\n', 'x.yaml:2:1: not valid YAML: Map keys must be unique'],
    ['an unknown tag', 'a: !thing 1\n', 'x.yaml:1:4: not valid YAML: Unresolved tag: !thing'],
    ['a map as a key', '{ { a: 1 }: 2 }\n', 'x.yaml:1:3: expected a plain word as key'],
    [
      'an alias inside its own anchor',
      'a: &x [*x]\n',
      'x.yaml:1:8: expected at most 100 uses of YAML aliases, got more',
    ],
  ];
  for (const [title, text, message] of errors) {
    it(`names the place of ${title}`, async () => {
      const error = await usageError(() => parseYaml(text, 'x.yaml'));
      expect(error.message).to.equal(message);
      expect(error.hint).to.be.a('string');
    });
  }
});
