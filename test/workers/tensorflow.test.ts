import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { nativePackageRoot } from '../../src/engines/native.js';
import type { ProofResult } from '../../src/protocol/index.js';
import { attributeNames } from '../../workers/engines/tensorflow/attribute-names.js';
import { requireNative, runNatively } from '../support/native.js';

const mocha = pathToFileURL(createRequire(import.meta.url).resolve('mocha/bin/mocha.js'));

function suiteArguments(suite: string): string[] {
  const file = `dist/test/workers/${suite}.test.js`;
  return ['--no-config', '--no-package', '--timeout', '60000', file];
}

describe('the native engine', () => {
  before(function () {
    requireNative(this);
  });

  const suites = ['compile', 'layers', 'conv-max-pool', 'training', 'entry'];
  for (const suite of [
    ...suites,
    'keras-networks',
    'model/gradients',
    'modules/*',
    'model/layers/*',
    'model/metrics/metrics',
    'model/optimizer',
    'updates-per-step',
    'model/objectives/objectives',
    'model/optimizers/*',
  ]) {
    it(`passes the suite all engines share: ${suite}`, function () {
      this.timeout(120_000);
      const { code, stdout, stderr } = runNatively(mocha, suiteArguments(suite), {
        LOCKSTEP_TEST_ENGINE: 'tensorflow',
      });
      expect(code, `${stdout}\n${stderr}`).to.equal(0);
      expect(stdout).to.match(/[1-9]\d* passing/);
    });
  }

  it('passes the suite of pooled convolutions with the kernels for AVX2 and in three threads, too', function () {
    this.timeout(120_000);
    const { code, stdout, stderr } = runNatively(mocha, suiteArguments('conv-max-pool'), {
      LOCKSTEP_TEST_ENGINE: 'tensorflow',
      ONEDNN_MAX_CPU_ISA: 'AVX2',
      TF_NUM_INTRAOP_THREADS: '3',
    });
    expect(code, `${stdout}\n${stderr}`).to.equal(0);
  });

  it('trains in two threads at once', function () {
    this.timeout(120_000);
    const { code, stdout, stderr } = runNatively(
      new URL('../../workers/engines/tensorflow/proof.js', import.meta.url),
    );
    expect(code, stderr).to.equal(0);
    const proof = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as ProofResult;
    expect(proof.steps).to.be.at.least(100);
  });

  it('leaves signals to the main thread, as matrix products do not bear them', function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    this.timeout(60_000);
    const { code, stdout, stderr } = runNatively(
      new URL('../support/programs/signal-masks.js', import.meta.url),
      [],
      { LOCKSTEP_TEST_ENGINE: 'tensorflow' },
    );
    expect(code, stderr).to.equal(0);
    const masks = JSON.parse(stdout) as { before: number; after: number; main: boolean };
    expect(masks.main).to.equal(false);
    expect(masks.after - masks.before).to.be.at.least(2);
  });

  it('restarts fifty pairs of sessions in one process, and leaks no tensor', function () {
    this.timeout(300_000);
    const { code, signal, stdout, stderr } = runNatively(
      new URL('../support/programs/session-restarts.js', import.meta.url),
      ['50'],
      { LOCKSTEP_TEST_ENGINE: 'tensorflow' },
    );
    expect({ code, signal }, stderr).to.deep.equal({ code: 0, signal: null });
    const tensors = JSON.parse(stdout) as number[][];
    expect(tensors).to.have.length(50);
    // Kernel and bias of one convolution and two dense layers.
    for (const pair of tensors) expect(pair).to.deep.equal([6, 6]);
  });
});

describe('attributeNames', () => {
  it("has every attribute name in the native package's and the engine's own code", function () {
    const root = nativePackageRoot();
    if (root === undefined) this.skip();
    const own = new URL('../../workers/engines/tensorflow/', import.meta.url).pathname;
    const files = [
      ...filesIn(join(root, 'dist', 'kernels')),
      join(root, 'dist', 'nodejs_kernel_backend.js'),
      ...filesIn(own).filter((file) => !file.endsWith('attribute-names.js')),
    ];
    const calls =
      /(?:\bname: |createTensorsTypeOpAttr\)?\(|ops\.(?:type|text|flag|number|integers)\()'(\w+)'/g;
    const used = new Set(
      files.flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(calls)].map((match) => match[1]!),
      ),
    );
    expect(used.size).to.be.greaterThan(30);
    // The engine's own name, and the attribute that is refused.
    const others = ['tensorflow', 'none'];
    expect(
      [...used].filter((name) => ![...attributeNames, ...others].includes(name)),
    ).to.deep.equal([]);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));
}
