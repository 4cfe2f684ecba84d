import { expect } from 'chai';
import fc from 'fast-check';
import { overlay, setPath } from '../../src/config/overlay.js';
import { formatPath } from '../../src/config/path.js';
import { fromPlain, nodeAt, toPlain } from '../../src/config/sourced.js';
import { parseOverride } from '../../src/config/overrides.js';
import { parseYaml } from '../../src/config/yaml.js';
import { usageError } from './scratch.js';

const tree = (value: unknown) => fromPlain(value, { source: 'test' });
const merged = (base: unknown, over: unknown) =>
  toPlain(overlay(tree(base), tree(over))) as Record<string, unknown>;

describe('overlay', () => {
  it('merges maps key by key and replaces lists and scalars', () => {
    const base = { a: { x: 1, y: [1, 2] }, b: 1 };
    expect(merged(base, { a: { y: [3], z: 4 }, b: 2 })).to.deep.equal({
      a: { x: 1, y: [3], z: 4 },
      b: 2,
    });
  });

  it('lets either way of naming the data replace the other', () => {
    const folder = { data: { path: '/x', batchSize: 2 } };
    expect(merged(folder, { data: { dataset: 'mnist' } })).to.deep.equal({
      data: { dataset: 'mnist', batchSize: 2 },
    });
    expect(merged({ data: { dataset: 'mnist' } }, folder)).to.deep.equal(folder);
  });

  it('removes what a null is laid over, and keeps a null over nothing for validation', () => {
    const base = { v: { a: { x: 1 }, b: 1 }, c: { d: [1] }, e: 5 };
    expect(merged(base, { v: { a: null }, c: null, e: null })).to.deep.equal({ v: { b: 1 } });
    expect(merged(base, { v: { z: null }, y: null })).to.deep.equal({
      ...base,
      v: { ...base.v, z: null },
      y: null,
    });
    expect(merged(merged(base, { c: null }), { c: { f: 2 } }).c).to.deep.equal({ f: 2 });
  });

  it('removes nothing for a key without a value', () => {
    const over = parseYaml('v:\n', 'x.yaml');
    expect(toPlain(overlay(tree({ v: { a: 1 } }), over))).to.deep.equal({ v: null });
  });

  it('removes a swept parameter', () => {
    const sweep = (parameters: object) => ({ sweep: { parameters } });
    expect(
      merged(sweep({ 'a.b': { values: [1] }, c: { values: [2] } }), sweep({ 'a.b': null })),
    ).to.deep.equal(sweep({ c: { values: [2] } }));
  });

  it('replaces a swept parameter whole', () => {
    const sweep = (parameter: unknown) => ({ sweep: { parameters: { 'a.b': parameter } } });
    expect(merged(sweep({ values: [1] }), sweep({ int: [1, 2] }))).to.deep.equal(
      sweep({ int: [1, 2] }),
    );
  });

  it('replaces steps by epochs, and epochs by steps', () => {
    const training = (base: unknown, over: unknown) =>
      merged({ training: base }, { training: over });
    expect(training({ steps: 5 }, { epochs: 2 })).to.deep.equal({ training: { epochs: 2 } });
    expect(training({ epochs: 2 }, { steps: 5 })).to.deep.equal({ training: { steps: 5 } });
  });

  it('replaces an optimizer by one of another kind, and merges with one of the same', () => {
    const base = { training: { optimizer: { learningRate: 0.1, momentum: 0.9 } } };
    const optimizer = (over: unknown) => merged(base, { training: { optimizer: over } });
    expect(optimizer({ kind: 'adam', learningRate: 0.001 })).to.deep.equal({
      training: { optimizer: { kind: 'adam', learningRate: 0.001 } },
    });
    expect(optimizer({ kind: 'sgd', learningRate: 0.2 })).to.deep.equal({
      training: { optimizer: { kind: 'sgd', learningRate: 0.2, momentum: 0.9 } },
    });
  });

  it('replaces a schedule by one of another kind, and merges with one of the same', () => {
    const base = { optimizer: { schedule: { kind: 'step', every: 5, warmup: 2 } } };
    const schedule = (over: unknown) => merged(base, { optimizer: { schedule: over } });
    expect(schedule({ kind: 'cosine' })).to.deep.equal({
      optimizer: { schedule: { kind: 'cosine' } },
    });
    expect(schedule({ every: 6 })).to.deep.equal({
      optimizer: { schedule: { kind: 'step', every: 6, warmup: 2 } },
    });
  });

  it('is associative, and changes nothing where a layer is laid over itself', () => {
    const value = fc.record(
      {
        map: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer()),
        list: fc.array(fc.integer()),
        scalar: fc.integer(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(merged(a, a)).to.deep.equal(toPlain(tree(a)));
        expect(merged(merged(a, b), c)).to.deep.equal(merged(a, merged(b, c)));
      }),
    );
  });
});

describe('setPath', () => {
  it('drops what another kind of optimizer does not have', () => {
    const optimizer = { kind: 'sgd', learningRate: 0.1, momentum: 0 };
    const set = (kind: string) =>
      toPlain(setPath(tree({ optimizer }), ['optimizer', 'kind'], tree(kind)));
    expect(set('adam')).to.deep.equal({ optimizer: { kind: 'adam', learningRate: 0.1 } });
    // Left for validation to refuse.
    expect(set('adm')).to.deep.equal({ optimizer: { ...optimizer, kind: 'adm' } });
  });

  it('drops what another kind of schedule does not have', () => {
    const root = tree({ optimizer: { schedule: { kind: 'step', every: 5, warmup: 2 } } });
    const set = setPath(root, ['optimizer', 'schedule', 'kind'], tree('cosine'));
    expect(toPlain(set)).to.deep.equal({ optimizer: { schedule: { kind: 'cosine', warmup: 2 } } });
  });

  it('creates the maps on the way', () => {
    expect(toPlain(setPath(tree({}), ['checkpoint', 'every'], tree(5)))).to.deep.equal({
      checkpoint: { every: 5 },
    });
  });

  it('removes a key of a map, not an item of a list', () => {
    const root = tree({ m: { a: 1, b: 2 }, l: [1, 2] });
    const none = tree(null);
    expect(toPlain(setPath(root, ['m', 'a'], none))).to.deep.equal({ m: { b: 2 }, l: [1, 2] });
    expect(toPlain(setPath(root, ['l', '0'], none))).to.deep.include({ l: [null, 2] });
    expect(toPlain(setPath(root, ['m', 'c'], none))).to.deep.include({
      m: { a: 1, b: 2, c: null },
    });
  });

  it('refuses a second name of an index', async () => {
    const error = await usageError(() => setPath(tree({ l: [1, 2] }), ['l', '01'], tree(3)));
    expect(error.message).to.equal('test: l: expected the index of an item (0 to 1), got 01');
  });

  it('replaces an item of a list and leaves the others', () => {
    const root = tree({ l: [{ a: 1 }, { a: 2 }] });
    expect(toPlain(setPath(root, ['l', '1', 'a'], tree(3)))).to.deep.equal({
      l: [{ a: 1 }, { a: 3 }],
    });
  });

  it('refuses an index the list does not have', async () => {
    const error = await usageError(() => setPath(tree({ l: [1] }), ['l', '1'], tree(3)));
    expect(error.message).to.equal('test: l: expected the index of an item (0 to 0), got 1');
  });

  it('refuses an index into what is no list', async () => {
    const error = await usageError(() => setPath(tree({}), ['a', 'l', '0'], tree(3)));
    expect(error.message).to.equal('test: expected a list at a.l to replace item 0 of, got none');
  });
});

describe('--set', () => {
  it('puts any value at any path (round trip)', () => {
    const segment = fc.string().filter((s) => !/^\d+$/.test(s) && s !== 'extends');
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), fc.jsonValue(), (path, value) => {
        // Keys with x- are for anchors, and no part of a configuration.
        const isKept = (key: string, kept: unknown) => (key.startsWith('x-') ? undefined : kept);
        const json = JSON.parse(JSON.stringify(value), isKept) as unknown;
        const text = `${formatPath(path)}=${JSON.stringify(json)}`;
        const override = parseOverride(text);
        const root = setPath(tree({}), override.path, override.value);
        const node = nodeAt(root, override.path);
        expect(node && toPlain(node)).to.deep.equal(json);
      }),
    );
  });

  it('splits at the first equals sign outside quotes', () => {
    const { path, value } = parseOverride('sweep.parameters."a=b".values=[x=y]');
    expect(path).to.deep.equal(['sweep', 'parameters', 'a=b', 'values']);
    expect(toPlain(value)).to.deep.equal(['x=y']);
  });

  for (const text of ['', 'steps', '=3', 'a..b=3', '.a=3']) {
    it(`refuses ${JSON.stringify(text)}`, async () => {
      const error = await usageError(() => parseOverride(text));
      expect(error.message).to.equal(
        `--set ${text}: expected path=value, got ${text || 'nothing'}`,
      );
    });
  }

  it('names the flag when the value is not YAML', async () => {
    const error = await usageError(() => parseOverride('a=[1'));
    expect(error.message).to.match(/^--set a=\[1: not valid YAML: /);
  });

  it('refuses extends', async () => {
    const error = await usageError(() => parseOverride('extends=mlp'));
    expect(error.message).to.equal(
      '--set extends=mlp: expected a key of the configuration, got extends',
    );
  });
});
