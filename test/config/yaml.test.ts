import { expect } from 'chai';
import { nodeAt, originOf, toPlain } from '../../src/config/sourced.js';
import { parseYaml } from '../../src/config/yaml.js';
import { usageError } from './scratch.js';

describe('parseYaml', () => {
  it('keeps where keys and values stand', () => {
    const root = parseYaml('a:\n  b: [1, 2]\n', 'x.yaml');
    expect(toPlain(root)).to.deep.equal({ a: { b: [1, 2] } });
    expect(originOf(root, ['a', 'b'], 'key')).to.deep.equal({
      source: 'x.yaml',
      line: 2,
      column: 3,
    });
    expect(originOf(root, ['a', 'b', 1], 'value')).to.deep.equal({
      source: 'x.yaml',
      line: 2,
      column: 10,
    });
  });

  it('places what is missing at the nearest key above it', () => {
    const root = parseYaml('a:\n  b: 1\n', 'x.yaml');
    expect(originOf(root, ['a', 'c', 'd'], 'value')).to.include({ line: 1, column: 1 });
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

  it('leaves out keys that start with x- in every map, and reads what they anchor', () => {
    const root = parseYaml('x-a: &a { k: 1, x-b: 2 }\nm:\n  x-c: *a\n  n: *a\n', 'x.yaml');
    expect(toPlain(root)).to.deep.equal({ m: { n: { k: 1 } } });
  });

  describe('a merge key', () => {
    const plain = (text: string) => toPlain(parseYaml(text, 'x.yaml'));

    it('adds the keys of a map, which own keys override wherever they stand', () => {
      expect(plain('a: &a { k: 1, l: 2 }\nb: { k: 3, <<: *a }\nc: { <<: *a, l: 4 }')).to.deep.equal(
        {
          a: { k: 1, l: 2 },
          b: { k: 3, l: 2 },
          c: { k: 1, l: 4 },
        },
      );
    });

    it('adds those of several maps, the first winning, and of maps that merge others', () => {
      expect(
        plain(
          'x-a: &a { k: 1 }\nx-b: &b { k: 2, l: 2 }\nx-c: &c { <<: *b, m: 3 }\nd: { <<: [*a, *c] }',
        ),
      ).to.deep.equal({ d: { k: 1, l: 2, m: 3 } });
      expect(plain('d: { <<: { k: 1 } }')).to.deep.equal({ d: { k: 1 } });
    });

    it('keeps where the merged values stand', () => {
      const root = parseYaml('x-a: &a\n  k: 1\nb:\n  <<: *a\n', 'x.yaml');
      expect(originOf(root, ['b', 'k'], 'value')).to.include({ line: 2, column: 6 });
    });

    it('loses a key that a null removes', () => {
      expect(plain('x-a: &a { k: 1, l: 2 }\nb: { <<: *a, k: null }')).to.deep.equal({
        b: { l: 2 },
      });
    });

    it('is an ordinary key in quotes', () => {
      expect(plain('b: { "<<": 1 }')).to.deep.equal({ b: { '<<': 1 } });
    });

    for (const value of ['1', '[*a, 2]', '']) {
      it(`refuses to merge ${value || 'nothing'}`, async () => {
        const error = await usageError(() => plain(`a: &a { k: 1 }\nb: { <<: ${value} }`));
        expect(error.message).to.match(/^x\.yaml:2:\d+: <<: expected a map to merge$/);
      });
    }

    it('given twice is one too many', async () => {
      const error = await usageError(() => plain('a: &a { k: 1 }\nb: { <<: *a, <<: *a }'));
      expect(error.message).to.equal(
        'x.yaml:2:14: expected every key once, got << twice (first in line 2)',
      );
      expect(error.hint).to.equal('Merge several maps with one key: <<: [*first, *second].');
    });
  });

  it('tells a repeated key from its text, whatever its type', async () => {
    const error = await usageError(() => parseYaml('a:\n  1: x\n  "1": y\n', 'x.yaml'));
    expect(error.message).to.equal(
      'x.yaml:3:3: expected every key once, got 1 twice (first in line 2)',
    );
  });

  const advice: [mistake: string, text: string, hint: RegExp][] = [
    ['a repeated key', 'a: 1\na: 2\n', /^Remove one of the two/],
    ['a tab', 'a:\n\tb: 1\n', /tabs/],
    ['uneven indentation', 'a:\n  b: 1\n c: 2\n', /Indent with spaces/],
    ['an open list', 'a: [1, 2\nb: 3\n', /Close every \[/],
    ['a missing comma', 'a: [1 2, {b: 1 c: 2}]\n', /comma|Quote/],
    ['an open quote', 'a: "x\nb: 1\n', /quote/],
    ['a backslash in double quotes', 'a: "C:\\data"\n', /single quotes/],
    ['a colon in a value', 'a: b: c\n', /Quote values that hold ": "/],
    ['a value that starts with @', 'a: @x\n', /start with @/],
    ['an unknown alias', 'a: *x\n', /anchor/],
    ['a tag', 'a: !x 1\n', /tags/],
    ['a second document', 'a: 1\n---\nb: 2\n', /one configuration in a file/],
  ];
  for (const [mistake, text, hint] of advice) {
    it(`gives advice that fits ${mistake}`, async () => {
      const error = await usageError(() => parseYaml(text, 'x.yaml'));
      expect(error.hint).to.match(hint);
      expect(error.message).to.match(/^x\.yaml:\d+:\d+: /);
    });
  }

  const errors: [title: string, text: string, message: string][] = [
    [
      'an unclosed list',
      'a: 1\nb: [1,\n',
      'x.yaml:3:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a key given twice',
      'a: 1\na: 2\n',
      'x.yaml:2:1: expected every key once, got a twice (first in line 1)',
    ],
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
