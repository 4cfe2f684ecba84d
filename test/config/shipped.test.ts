import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { parse } from 'yaml';
import { overlayNames, shippedFolder, shippedNames } from '../../src/config/files.js';
import { configJsonSchema } from '../../src/config/json-schema.js';
import { loadConfig } from '../../src/config/load.js';
import { printConfig } from '../../src/config/print.js';
import { planNetwork } from '../../src/model/network.js';
import { validate } from '../../src/config/validate.js';
import { networkVariants } from '../../src/config/variants.js';
import { parseYaml } from '../../src/config/yaml.js';
import type { Config } from '../../src/config/schema.js';
import { expectError } from '../support/expect-error.js';
import { minimal } from './scratch.js';

const names = await shippedNames();
const overlays = await overlayNames();
/** Data that a user must bring. */
const own: Readonly<Record<string, string[]>> = { cifar10: ['data.path=.'] };
const load = (file: string, overrides: string[] = own[file] ?? []) =>
  loadConfig({ file, overrides, cwd: shippedFolder });
const reload = (text: string): Config => validate(parseYaml(text, 'printed'));

describe('the shipped configurations', () => {
  it('are ten, of which docs/experiments.md describes all but debug', async () => {
    expect(names).to.deep.equal([
      ...['cifar10', 'debug', 'depth', 'mlp', 'mlp-adam'],
      ...['race', 'sweep-dropout', 'tabular', 'tutorial', 'tutorial-full'],
    ]);
    const text = await readFile(join(shippedFolder, '../docs/experiments.md'), 'utf8');
    const described = [...text.matchAll(/^## `([\w-]+)`/gm)].map(([, name]) => name);
    expect(names).to.have.members([...described, 'debug']);
  });

  for (const name of names) {
    it(`${name} loads under its own name and compares relu with snn`, async () => {
      const config = await load(name);
      expect(config.name).to.equal(name);
      expect(config.baseline).to.equal('relu');
      expect(networkVariants(config).map((spec) => [spec.name, spec.label])).to.deep.equal([
        ['relu', 'ReLU'],
        ['snn', 'SNN'],
        ...(name === 'depth' ? [['batchNorm', 'ReLU, batch normalization']] : []),
      ]);
    });

    it(`${name} satisfies the JSON Schema, which its first line names`, async () => {
      const text = await readFile(join(shippedFolder, `${name}.yaml`), 'utf8');
      expect(text).to.match(/^# yaml-language-server: \$schema=schema\.json\n/);
      const accepts = new Ajv({ strict: false }).compile(configJsonSchema());
      accepts(parse(text));
      expect(accepts.errors).to.equal(null);
    });

    it(`${name}, printed and read again, is the same`, async () => {
      const config = await load(name);
      expect(reload(printConfig(config))).to.deep.equal(config);
    });
  }

  for (const overlay of overlays) {
    const name = overlay.replace('overlays/', '');

    it(`${overlay} loads by its name from anywhere, and fits the JSON Schema and Lockstep`, async () => {
      const config = await loadConfig({ file: overlay, cwd: '/' });
      expect(config.name).to.equal(name);
      expect(Object.keys(config.variants)).to.deep.equal(['relu', 'snn']);
      const text = await readFile(join(shippedFolder, `${overlay}.yaml`), 'utf8');
      expect(text).to.match(/^# yaml-language-server: \$schema=\.\.\/schema\.json\n/);
      const accepts = new Ajv({ strict: false }).compile(configJsonSchema());
      accepts(parse(text));
      expect(accepts.errors).to.equal(null);
      for (const variant of networkVariants(config)) {
        expect(planNetwork(variant, [28, 28, 1]).outputs).to.equal(10);
      }
    });
  }

  it('have a command in docs/experiments.md for each overlay', async () => {
    expect(overlays).to.have.length.above(5);
    const text = await readFile(join(shippedFolder, '../docs/experiments.md'), 'utf8');
    const shown = [...text.matchAll(/`lockstep run (overlays\/[\w-]+)`/g)].map(([, name]) => name);
    expect(shown).to.have.members(overlays);
  });

  it('are named where one is misspelled, overlays too', async () => {
    const misspelled = () => loadConfig({ file: 'overlays/adamm', cwd: '/' });
    const { hint } = await expectError('usage', 'overlays/adamm, which does not exist', misspelled);
    expect(hint).to.match(/^Did you mean overlays\/adam\?/);
  });

  it('tutorial is the tutorial', async () => {
    const config = await load('tutorial');
    const conv = (filters: number) => ({ filters, kernelSize: 5, strides: 1, padding: 'same' });
    const pool = { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' };
    expect(config.network.layers).to.deep.equal([
      { kind: 'conv2d', ...conv(32) },
      pool,
      { kind: 'conv2d', ...conv(64) },
      pool,
      { kind: 'flatten' },
      { kind: 'dense', units: 1024 },
      { kind: 'dropout' },
      { kind: 'dense', units: 10 },
    ]);
    expect(config.training).to.deep.equal({
      steps: 50,
      optimizer: { kind: 'sgd', learningRate: 0.025, momentum: 0 },
    });
    expect(config.data).to.deep.equal({ dataset: 'mnist', validationSize: 5000, batchSize: 128 });
    expect(config.evaluation).to.deep.equal({
      minibatch: true,
      splits: [{ split: 'test', examples: 512 }],
      metrics: ['accuracy'],
    });
    expect(config.seeds).to.deep.equal([1]);
    expect(config.variants).to.deep.equal({
      relu: {
        label: 'ReLU',
        legend: 'Loss ReLU-CNN',
        input: 'raw',
        activation: 'relu',
        init: 'he',
        dropout: { kind: 'standard', rate: 0.5 },
      },
      snn: {
        label: 'SNN',
        legend: 'Loss SNN',
        input: 'standardized',
        activation: 'selu',
        init: 'lecun',
        dropout: { kind: 'alpha', rate: 0.05 },
      },
    });
  });

  it('tutorial-full is the tutorial for one epoch, tested on everything', async () => {
    const tutorial = await load('tutorial');
    const full = await load('tutorial-full');
    const trainingExamples = 60_000 - full.data.validationSize!;
    expect(full.training.steps).to.equal(Math.floor(trainingExamples / full.data.batchSize));
    expect(full.evaluation.splits).to.deep.equal([{ split: 'test', examples: 'all' }]);
    expect(networkVariants(full)).to.deep.equal(networkVariants(tutorial));
  });
});

describe('printConfig', () => {
  it('round-trips what no shipped configuration has', async () => {
    const config = await load('tutorial', [
      'data.path=/some/folder',
      'seeds=1..4',
      'name="12"',
      'variants.snn.label="yes: #1"',
      'variants.snn.optimizer.momentum=1e-7',
      'variants.relu.network.layers=[{kind: flatten}, {kind: dense, units: 10, activation: tanh}]',
      'sweep={method: random, samples: 3, parameters: {data.batchSize: {int: [8, 9]}, evaluation.splits.0.examples: {values: [all, 5]}}}',
    ]);
    expect(reload(printConfig(config))).to.deep.equal(config);
  });

  it('writes a layer on a line', async () => {
    expect(printConfig(await load('debug'))).to.include(
      '\n    - { kind: dense, units: 16 }\n    - { kind: dropout }\n',
    );
  });
});

describe('configs/schema.json', () => {
  const accepts = new Ajv({ strict: false }).compile(configJsonSchema());

  it('is up to date', async () => {
    const written: unknown = JSON.parse(await readFile(join(shippedFolder, 'schema.json'), 'utf8'));
    expect(written, 'run `npm run schema`').to.deep.equal(configJsonSchema());
  });

  it('describes every key', () => {
    expect(undescribed(configJsonSchema())).to.deep.equal([]);
  });

  it('takes a partial file only if it extends another', () => {
    expect(
      accepts(parse('extends: tutorial\nvariants: { snn: { dropout: { rate: 0.1 } } }')),
    ).to.equal(true);
    expect(accepts(parse('data: { batchSize: 3 }'))).to.equal(false);
    expect(accepts(parse(minimal))).to.equal(true);
  });

  for (const text of [
    'variants: { snn: null }',
    'training: { optimizer: { learningRate: 0.1 } }',
    'training: { optimizer: { momentum: null } }',
    'evaluation: null',
    'decision: { metric: ~ }',
    'sweep: { parameters: { training.steps: null } }',
    'x-a: &a 1\nvariants: { x-b: 3, snn: { x-c: *a, dropout: { x-d: 1 } } }',
    'network: { layers: [{ kind: flatten, x-a: 1 }] }',
    'name: größe',
  ]) {
    it(`takes ${text}`, () => {
      accepts(parse(`extends: tutorial\n${text}`));
      expect(accepts.errors).to.equal(null);
    });
  }

  for (const mistake of [
    'network: { layers: [null] }',
    'seeds: [null]',
    'decision: { alpha: 0.5 }',
    'name: x.',
    'variants: { snn: { dropout: { rate: 1 } } }',
    'variants: { 1x: {} }',
    'training: { step: 3 }',
    'network: { layers: [{ kind: dense }] }',
    'seeds: 1-3',
  ]) {
    it(`marks ${mistake}`, () => {
      expect(accepts(parse(`extends: tutorial\n${mistake}`))).to.equal(false);
    });
  }
});

/** Paths of the keys an editor could say nothing about. */
function undescribed(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (key !== 'properties') return undescribed(value, `${path}/${key}`);
    return Object.entries(value as Record<string, object>).flatMap(([name, property]) => [
      ...('description' in property ? [] : [`${path}/${name}`]),
      ...undescribed(property, `${path}/${name}`),
    ]);
  });
}
