import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { shippedFolder } from '../../src/config/files.js';
import { loadConfig, loadConfigWithSources } from '../../src/config/load.js';
import { minimal, scratchFolder, usageError } from './scratch.js';

describe('loadConfig', () => {
  let folder: string;
  let remove: () => Promise<void>;
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const load = (file: string, overrides: string[] = [], seeds?: string) =>
    loadConfig({ file, overrides, seeds, cwd: folder });

  beforeEach(async () => {
    ({ folder, remove } = await scratchFolder({ 'x.yaml': minimal }));
  });
  afterEach(() => remove());

  it('fills every default of a minimal file', async () => {
    expect(await load('x.yaml')).to.deep.equal({
      name: 'x',
      data: { dataset: 'mnist', validationSize: 5000, batchSize: 128 },
      training: { steps: 2, optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0 } },
      evaluation: {
        minibatch: true,
        splits: [{ split: 'test', examples: 'all' }],
        metrics: ['accuracy'],
      },
      network: { layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }] },
      variants: {
        a: variant({ label: 'a', activation: 'relu', init: 'he' }),
        b: variant({ label: 'b', activation: 'selu', init: 'lecun' }),
      },
      baseline: 'a',
      pairing: { init: 'shared', dropout: 'shared' },
      seeds: [1],
      checkpoint: { keep: 2, initial: false },
      decision: { metric: 'test.accuracy', alpha: 0.05, margin: 0.005 },
    });
  });

  it('fills the defaults of layers', async () => {
    const layers = '[{kind: conv2d, filters: 1, kernelSize: 3}, {kind: maxPool, poolSize: 3}]';
    const config = await load('x.yaml', [`network.layers=${layers}`]);
    expect(config.network.layers).to.deep.equal([
      { kind: 'conv2d', filters: 1, kernelSize: 3, strides: 1, padding: 'same' },
      { kind: 'maxPool', poolSize: 3, strides: 3, padding: 'same' },
    ]);
  });

  it('prefers --set over the file, later over earlier, and --seeds over all', async () => {
    const sets = ['training.steps=3', 'seeds=[5]', 'training.steps=4', 'checkpoint.every=2'];
    const config = await load('x.yaml', sets, '7..9');
    expect(config.training.steps).to.equal(4);
    expect(config.seeds).to.deep.equal([7, 8, 9]);
    expect(config.checkpoint.every).to.equal(2);
  });

  it('blames the file, not a flag, for a key that is missing', async () => {
    await write('a.yaml', minimal.replace(/^training.*\n/, ''));
    const error = await usageError(() => load('a.yaml', ['data.batchSize=2'], '1..3'));
    expect(error.message).to.equal('a.yaml:1:1: training: required key is missing; expected a map');
  });

  it('names the result after the file, letters of any script included', async () => {
    await write('Größe 2.yaml', minimal);
    expect((await load('Größe 2.yaml')).name).to.equal('Größe-2');
  });

  it('points to a schema that is there', async () => {
    const error = await usageError(() => load('x.yaml', ['training.steps=0']));
    const [schema] = /^\S+\.json/.exec(error.hint!) ?? [];
    expect(schema).to.equal(join(shippedFolder, 'schema.json'));
    await access(schema!);
  });

  it('finds a shipped configuration by its name', async () => {
    expect((await load('tutorial')).name).to.equal('tutorial');
  });

  describe('extends', () => {
    it('merges maps, replaces lists, and names the result after the file', async () => {
      await write('y.yaml', 'extends: x.yaml\ndata: { batchSize: 4 }\nseeds: [2]\n');
      await write('z.yaml', 'extends: ./y.yaml\nvariants: { b: { label: Bee } }\n');
      const config = await load('z.yaml');
      expect(config.name).to.equal('z');
      expect(config.data.batchSize).to.equal(4);
      expect(config.seeds).to.deep.equal([2]);
      expect(config.variants.b).to.include({ label: 'Bee', activation: 'selu' });
    });

    it('finds files relative to the extending file, and shipped ones by name', async () => {
      await mkdir(join(folder, 'sub'));
      await write('sub/up.yaml', 'extends: ../x.yaml\n');
      await write('sub/shipped.yaml', 'extends: debug\n');
      expect((await load('sub/up.yaml')).training.steps).to.equal(2);
      expect((await load('sub/shipped.yaml')).training.steps).to.equal(10);
    });

    it('loses what a null removes, in a file and after --set', async () => {
      await write(
        'y.yaml',
        'extends: debug\nvariants: { elu: { activation: elu, init: he }, snn: ~ }\n',
      );
      expect(Object.keys((await load('y.yaml')).variants)).to.deep.equal(['relu', 'elu']);
      const sets = ['variants.snn=null', 'evaluation=null'];
      await write('z.yaml', 'extends: debug\nvariants: { elu: { activation: elu, init: he } }\n');
      const config = await load('z.yaml', sets);
      expect(Object.keys(config.variants)).to.deep.equal(['relu', 'elu']);
      expect(config.evaluation.splits).to.deep.equal([{ split: 'test', examples: 'all' }]);
    });

    it('takes a key without a value for a slip', async () => {
      await write('y.yaml', 'extends: debug\nvariants:\n  snn:\n');
      const error = await usageError(() => load('y.yaml'));
      expect(error.message).to.equal(
        'y.yaml:3:7: variants.snn: expected a map, got null; to remove an inherited key write null',
      );
    });

    it('names the file after itself where it removes the inherited name', async () => {
      await write('y.yaml', 'extends: debug\nname: null\n');
      expect((await load('y.yaml')).name).to.equal('y');
    });

    it('refuses a cycle and shows it', async () => {
      await write('a.yaml', 'extends: b.yaml\n');
      await write('b.yaml', 'extends: a.yaml\n');
      const error = await usageError(() => load('a.yaml'));
      expect(error.message).to.equal(
        'b.yaml:1:10: extends: expected no cycle, got a.yaml -> b.yaml -> a.yaml',
      );
    });

    it('says which file extends one that is missing', async () => {
      await write('a.yaml', 'extends: tutoral.yaml\n');
      const error = await usageError(() => load('a.yaml'));
      expect(error.message).to.equal(
        'a.yaml:1:10: extends: expected a configuration file, got tutoral.yaml, which does not exist',
      );
      expect(error.hint).to.match(
        /^Did you mean tutorial\? Shipped with Lockstep: cifar10, debug, depth, mlp, /,
      );
    });

    it('refuses what is no file name', async () => {
      await write('a.yaml', 'extends: [x.yaml]\n');
      const error = await usageError(() => load('a.yaml'));
      expect(error.message).to.equal(
        'a.yaml:1:10: extends: expected the file to extend, got ["x.yaml"]',
      );
    });

    it('blames the file that set the value', async () => {
      await write('bad.yaml', minimal.replace('steps: 2', 'steps: 0'));
      await write('top.yaml', 'extends: bad.yaml\ndata: { batchSize: x }\n');
      const error = await usageError(() => load('top.yaml'));
      expect(error.message.split('\n')).to.deep.equal([
        'top.yaml:2:20: data.batchSize: expected a whole number of at least 1, got "x"',
        'bad.yaml:1:20: training.steps: expected a whole number of at least 1, got 0',
      ]);
    });
  });

  describe('the dataset', () => {
    it('is a folder relative to the file that names it', async () => {
      await mkdir(join(folder, 'sub'));
      await write('sub/a.yaml', 'extends: ../x.yaml\ndata: { dataset: digits }\n');
      const { data } = await load('sub/a.yaml');
      expect(data).to.include({ dataset: 'path', path: join(folder, 'sub', 'digits') });
    });

    it('is a folder relative to the working directory in --set', async () => {
      await write('a.yaml', 'extends: x.yaml\ndata: { dataset: mnist }\n');
      for (const flag of ['data.path=digits', 'data.dataset=digits', 'data.dataset=./digits']) {
        const { data } = await load('a.yaml', [flag]);
        expect(data).to.include({ dataset: 'path', path: join(folder, 'digits') });
      }
    });

    it('is mnist again when --set says so', async () => {
      await write('a.yaml', 'extends: x.yaml\ndata: { path: digits }\n');
      const { data } = await load('a.yaml', ['data.dataset=mnist']);
      expect(data).to.deep.equal({ dataset: 'mnist', validationSize: 5000, batchSize: 128 });
    });

    it('keeps the format that is given', async () => {
      await write('a.yaml', 'extends: x.yaml\ndata: { path: digits, format: npy }\n');
      const { data } = await load('a.yaml', []);
      expect(data).to.include({ dataset: 'path', path: join(folder, 'digits'), format: 'npy' });
    });

    it('has one size of the validation split, written short or long', async () => {
      await write('a.yaml', 'extends: x.yaml\ndata: { dataset: mnist }\n');
      const split = { split: 'first', seed: 0 };
      for (const [flags, expected] of [
        [['data.validation.split=first'], { validationSize: 5000, validation: split }],
        [
          ['data.validation.seed=2', 'data.validationSize=9'],
          { validationSize: 9, validation: { ...split, seed: 2 } },
        ],
        [['data.validation.examples=9'], { validation: { examples: 9, ...split } }],
        [
          ['data.validation={fraction: 0.2, split: stratified}'],
          { validation: { fraction: 0.2, split: 'stratified', seed: 0 } },
        ],
      ] as const) {
        const { data } = await load('a.yaml', [...flags]);
        expect(data).to.deep.equal({ dataset: 'mnist', batchSize: 128, ...expected });
      }
    });

    const errors: [flag: string, message: string][] = [
      [
        'data={dataset: mnist, csv: {target: y}}',
        'data.csv: expected none, as it is that of a folder in data.path, got csv',
      ],
      [
        'data={path: /x, format: idx, csv: {target: y}}',
        'data.csv: expected no settings of a format that the data do not have: they are idx',
      ],
      [
        'data={path: /x, csv: {target: y, test: {seed: 1}}}',
        'data.csv.test: expected either a fraction or a column, got neither',
      ],
      [
        'data={path: /x, csv: {target: [y, y]}}',
        'data.csv.target.1: expected every column once, got y twice',
      ],
      [
        'data={validationSize: 3, validation: {examples: 2}}',
        'data.validation.examples: expected one size of the validation split, got data.validationSize too; null removes an inherited one',
      ],
      [
        'data.validation={fraction: 0.1, examples: 2}',
        'data.validation.fraction: expected one size of the validation split, got data.validation.examples too; null removes an inherited one',
      ],
      [
        'data.validation.fraction=1',
        'data.validation.fraction: expected a number in [0, 1), got 1',
      ],
      [
        'data.validation.split=stratifed',
        'data.validation.split: expected first, random or stratified, got "stratifed"; did you mean stratified?',
      ],
      [
        'data={path: /x, format: nyp}',
        'data.format: expected idx, npy, npz, cifar10, cifar100, csv or images, got "nyp"; did you mean npy?',
      ],
      [
        'data.format=npy',
        'data.format: expected none, as it is that of a folder in data.path, got npy',
      ],
      [
        'data.dataset=mnsit',
        'data.dataset: expected mnist or a folder, got "mnsit"; to name a folder write ./mnsit',
      ],
      [
        'data.dataset=path',
        'data.dataset: expected the folder as data.path (or as data.dataset itself), got none',
      ],
      [
        'data={dataset: mnist, path: /x}',
        'data: expected either a dataset or a path, got mnist and /x',
      ],
    ];
    for (const [flag, message] of errors) {
      it(`refuses ${flag}`, async () => {
        const error = await usageError(() => load('x.yaml', [flag]));
        expect(error.message).to.equal(`--set ${flag}: ${message}`);
      });
    }
  });

  describe('a file that is not there', () => {
    it('is named, with the shipped name it resembles', async () => {
      const error = await usageError(() => load('tutoral'));
      expect(error.message).to.equal(
        'expected a configuration file, got tutoral, which does not exist',
      );
      expect(error.hint).to.equal(
        'Did you mean tutorial? Shipped with Lockstep: cifar10, debug, depth, mlp, mlp-adam, race, sweep-dropout, tabular, tutorial, tutorial-full.',
      );
    });

    it('may be a folder, which is refused', async () => {
      const error = await usageError(() => load('.'));
      expect(error.message).to.match(/^expected a configuration file, got .*: EISDIR/);
    });
  });

  for (const [text, got] of [
    ['', 'nothing'],
    ['- 1\n', 'a list'],
    ['hello\n', 'a single value'],
  ] as const) {
    it(`refuses a file that holds ${got}`, async () => {
      await write('a.yaml', text);
      const error = await usageError(() => load('a.yaml'));
      expect(error.message).to.equal(`a.yaml: expected a map of keys, got ${got}`);
    });
  }
});

describe('loadConfigWithSources', () => {
  it('tells every file with its digest and what it sets, root first, and the flags', async () => {
    const child = 'extends: x.yaml\ndata: { batchSize: 4 }\n';
    const { folder, remove } = await scratchFolder({ 'x.yaml': minimal, 'y.yaml': child });
    try {
      const loaded = await loadConfigWithSources({
        file: join(folder, 'y.yaml'),
        overrides: ['training.steps=5'],
        seeds: '1..3',
        cwd: folder,
      });
      expect(loaded.sources.map(({ source, sha256 }) => ({ source, sha256 }))).to.deep.equal([
        { source: 'x.yaml', sha256: sha256(minimal) },
        { source: 'y.yaml', sha256: sha256(child) },
      ]);
      expect(loaded.sources[1]?.values).to.deep.equal({ data: { batchSize: 4 } });
      expect(loaded.overrides).to.deep.equal(['--set training.steps=5', '--seeds 1..3']);
    } finally {
      await remove();
    }
  });

  it('names files outside the working directory in full', async () => {
    const { sources } = await loadConfigWithSources({
      file: 'debug',
      cwd: join(shippedFolder, 'x'),
    });
    expect(sources.map(({ source }) => source)).to.deep.equal([join(shippedFolder, 'debug.yaml')]);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function variant(own: object) {
  return { input: 'raw', dropout: { kind: 'standard', rate: 0 }, ...own };
}
