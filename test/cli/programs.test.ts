import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspectEngines } from '../../src/engines/status.js';
import { lockstep, onlyRun } from '../support/lockstep.js';
import { engineNames } from '../../src/protocol/index.js';
import type { EngineName } from '../../src/protocol/index.js';
import { requireNative } from '../support/native.js';
import { findPython, requirePython } from '../support/python.js';
import { readAllRecords } from '../support/read-all-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { writeTinyDataset } from '../support/tiny-run.js';

const root = process.cwd();
const client = pathToFileURL(join(root, 'clients/node/lockstep.mjs')).href;
/** Runs the debug configuration with a program in the place of the SNN. */
function runWith(cwd: string, program: readonly string[], ...sets: string[]) {
  return runOn('wasm', cwd, program, ...sets);
}

async function runOn(
  engine: EngineName,
  cwd: string,
  program: readonly string[],
  ...sets: string[]
) {
  const overrides = [
    `data.path=${await writeTinyDataset(cwd)}`,
    'data.validationSize=10',
    'evaluation.splits=[{split: test, examples: all}]',
    `variants.snn=null`,
    `variants.own={program: ${JSON.stringify(program)}}`,
    ...sets,
  ].flatMap((set) => ['--set', set]);
  return lockstep(cwd, 'run', 'debug', '--engine', engine, '--quiet', ...overrides);
}

const steps = `step: ({ step }) => ({ loss: 1 / step, accuracy: 0.5 }),
  evaluate: () => ({ loss: 0.1, accuracy: 0.5 })`;

/** Answers the digest of other positions than it was fed. */
const otherMinibatches = `import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { type, step } = JSON.parse(line);
  const answers = {
    hello: { event: 'ready', protocol: 1 },
    step: { event: 'step', step, metrics: { loss: 1, accuracy: 1 }, positionsDigest: '${'0'.repeat(16)}' },
  };
  if (type in answers) console.log(JSON.stringify(answers[type]));
});`;

async function writeProgram(cwd: string, text: string): Promise<string[]> {
  await writeFile(join(cwd, 'own.mjs'), `import { train } from '${client}';\n${text}\n`);
  return ['node', 'own.mjs'];
}

describe('a variant that is a program', function () {
  this.timeout(120_000);

  for (const engine of engineNames) {
    it(`trains beside a built-in one on ${engine} on proven minibatches, and verify passes`, async function () {
      if (engine === 'tensorflow') requireNative(this);
      await trainsBeside(engine);
    });
  }

  async function trainsBeside(engine: EngineName): Promise<void> {
    await withTemporaryFolder(async (cwd) => {
      const program = await writeProgram(cwd, `await train({ ${steps} });`);
      const { code, stderr } = await runOn(engine, cwd, program);
      expect(code, stderr).to.equal(0);
      const run = await onlyRun(cwd);
      const records = await readAllRecords(join(run, 'trials/0000/log.ndjson'));
      const logged = records.filter((record) => record.event === 'step');
      expect(logged).to.have.lengthOf(10);
      for (const { batch, variants } of logged) {
        expect(variants.own).to.include({ indicesDigest: batch.indicesDigest });
      }
      const verified = await lockstep(cwd, 'verify', run);
      expect(verified.code, verified.stdout).to.equal(0);
      expect(verified.stdout).to.include('variant own is a program');
    });
  }

  it('is told apart in the report where it reads its own data', async () => {
    await withTemporaryFolder(async (cwd) => {
      const program = await writeProgram(cwd, `await train({ ${steps} });`);
      const { code, stderr } = await runWith(cwd, program, 'variants.own.feed=none');
      expect(code, stderr).to.equal(0);
      const run = await onlyRun(cwd);
      const report = await lockstep(cwd, 'report', run, '--format', 'markdown');
      expect(report.stdout).to.include('not proven to be those of the others');
      const verified = await lockstep(cwd, 'verify', run);
      expect(verified.code, verified.stdout).to.equal(0);
      expect(verified.stdout).to.include('its minibatches are not proven the same');
    });
  });

  it('diverges with exit code 4, fails with 5, and ends the trial with 6 for other minibatches', async () => {
    const cases: [string, number, RegExp][] = [
      ['await train({ step: () => ({ loss: NaN }) })', 4, /the loss of variant own became NaN/],
      [
        `await train({ step: () => { throw new Error('out of memory'); } })`,
        5,
        /Error: out of memory/,
      ],
      [otherMinibatches, 6, /expected variant own to train on minibatch/],
    ];
    for (const [text, exit, message] of cases) {
      await withTemporaryFolder(async (cwd) => {
        const program = await writeProgram(cwd, text);
        const { code, stderr } = await runWith(cwd, program);
        expect([code, stderr]).to.have.property('0', exit);
        expect(stderr).to.match(message);
      });
    }
  });

  it('starts again where it does not save, and not after its file has changed', async () => {
    await withTemporaryFolder(async (cwd) => {
      const text = `import { existsSync } from 'node:fs';
        await train({ step: ({ step }) => {
          if (step === 7 && !existsSync('go')) process.exit(9);
          return { loss: 1, accuracy: 0.5 };
        }, evaluate: () => ({ loss: 0.1, accuracy: 0.5 }) });`;
      const program = await writeProgram(cwd, text);
      expect(await runWith(cwd, program, 'checkpoint.every=5')).to.include({ code: 5 });
      const run = await onlyRun(cwd);
      await appendFile(join(cwd, 'own.mjs'), '// changed\n');
      await writeFile(join(cwd, 'go'), '');
      const refused = await lockstep(cwd, 'resume', run, '--failed');
      expect(refused.code).to.equal(2);
      expect(refused.stderr).to.match(/program .*own\.mjs: was /);
      const resumed = await lockstep(cwd, 'resume', run, '--failed', '--force');
      expect(resumed.code, resumed.stderr).to.equal(0);
      expect(resumed.stderr).to.match(/has no state of own, whose program does not save/);
    });
  });

  it('stops early where it saves, and is evaluated with its best state', async () => {
    const text = `import { readFileSync, writeFileSync } from 'node:fs';
      let at = 0;
      await train({
        start: ({ resume }) => { if (resume) at = Number(readFileSync(resume.folder + '/at')); },
        step: ({ step }) => { at = step; return { loss: 1 / step, accuracy: 0.5 }; },
        evaluate: () => ({ loss: 1 + Math.abs(at - 3), accuracy: 0.5 }),
        save: (folder) => writeFileSync(folder + '/at', String(at)),
      });`;
    const sets = [
      'training.earlyStopping={ metric: validation.loss, patience: 2 }',
      'evaluation={ minibatch: true, every: 1, splits: [{ split: validation, examples: all }] }',
      'decision.metric=validation.accuracy',
      'checkpoint={ every: 7, keep: 1 }',
    ];
    await withTemporaryFolder(async (cwd) => {
      const { code, stderr } = await runWith(cwd, await writeProgram(cwd, text), ...sets);
      expect(code, stderr).to.equal(0);
      const run = await onlyRun(cwd);
      const records = await readAllRecords(join(run, 'trials/0000/log.ndjson'));
      const stops = records.filter((record) => record.event === 'variant.stop');
      expect(stops.find(({ variant }) => variant === 'own')).to.include({ step: 5, bestStep: 3 });
      const last = records.filter((record) => record.event === 'evaluation').at(-1)!;
      expect(last.variants.own?.scores).to.include({ loss: 1 });
      const kept = await readdir(join(run, 'trials/0000/programs/own'));
      expect(kept.filter((name) => name.startsWith('best'))).to.deep.equal(['best-step-000003']);
      const verified = await lockstep(cwd, 'verify', run);
      expect(verified.code, verified.stdout).to.equal(0);
    });
    await withTemporaryFolder(async (cwd) => {
      const program = await writeProgram(cwd, `await train({ ${steps} });`);
      const { code, stderr } = await runWith(cwd, program, ...sets);
      expect(code).to.equal(2);
      expect(stderr).to.include('variant own: expected a program that saves');
    });
  });

  it('has the files beside its script, or those that `files` matches, among what may not change', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeFile(join(cwd, 'helper.mjs'), 'export const loss = 1;\n');
      const program = await writeProgram(
        cwd,
        `import { loss } from './helper.mjs'; await train({ step: () => ({ loss, accuracy: 1 }), evaluate: () => ({ loss, accuracy: 1 }) });`,
      );
      const { code, stderr } = await runWith(cwd, program);
      expect(code, stderr).to.equal(0);
      const run = await onlyRun(cwd);
      await writeFile(join(cwd, 'helper.mjs'), 'export const loss = 2;\n');
      await writeFile(join(cwd, 'notes.txt'), 'not code\n');
      const verified = await lockstep(cwd, 'verify', run);
      expect(verified.code, verified.stdout).to.equal(0);
      expect(verified.stdout).to.match(/program .*helper\.mjs: trained with .*, is .* here/);
      const resumed = await lockstep(cwd, 'resume', run, '--seeds', '1..2');
      expect(resumed.code).to.equal(2);
      expect(resumed.stderr)
        .to.match(/program .*helper\.mjs: was /)
        .and.not.include('notes.txt');

      const none = await runWith(cwd, program, `variants.own.files=['src/*.mjs']`);
      expect(none.code).to.equal(2);
      expect(none.stderr).to.match(
        /variants\.own\.files\[?\.?0\]?: expected a pattern that matches a file, got .*src\/\*\.mjs/,
      );
    });
  });

  it('is refused what belongs to built-in networks', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stderr } = await runWith(cwd, ['node'], 'variants.own.activation=relu');
      expect(code).to.equal(2);
      expect(stderr).to.include(
        'variants.own.activation: expected only in variants without a program',
      );
      const metrics = await runWith(cwd, ['node'], 'evaluation.metrics=[accuracy, macroF1]');
      expect(metrics.code).to.equal(2);
      expect(metrics.stderr).to.include('expected a metric that is a mean over examples');
    });
  });

  it('is written in Python with a client that passes its own tests', function () {
    const python = findPython('numpy') ?? requirePython(this, 'unittest');
    execFileSync(python, ['-m', 'unittest', 'discover', 'clients/python/tests'], { stdio: 'pipe' });
  });

  it('is the shipped example in NumPy, and learns', async function () {
    const command = [requirePython(this, 'numpy'), join(root, 'examples/softmax_numpy.py')];
    await withTemporaryFolder(async (cwd) => {
      const args = ['--engine', 'wasm', '--quiet', '--out', join(cwd, 'runs')];
      const program = `variants.softmax.program=${JSON.stringify(command)}`;
      const example = join(root, 'examples/softmax-numpy.yaml');
      const { code, stderr } = await lockstep(cwd, 'run', example, ...args, '--set', program);
      expect(code, stderr).to.equal(0);
      const log = join(await onlyRun(cwd), 'trials/0000/log.ndjson');
      const losses = (await readAllRecords(log)).flatMap((record) =>
        record.event === 'step' ? [Number(record.variants.softmax?.scores.loss)] : [],
      );
      expect(losses[0]).to.be.within(2, 2.4);
      expect(losses.at(-1)).to.be.below(2);
    });
  });

  it('is the tutorial in PyTorch, with the losses of the built-in network', async function () {
    const command = [requirePython(this, 'torch'), join(root, 'examples/tutorial_pytorch.py')];
    const native = inspectEngines().find(({ name }) => name === 'tensorflow')?.available === true;
    const sets = [
      'training.steps=10',
      `variants.snn.program=${JSON.stringify(command)}`,
      'variants.builtIn={label: B, input: standardized, activation: selu, init: lecun, dropout: {kind: alpha, rate: 0.05}}',
    ].flatMap((set) => ['--set', set]);
    await withTemporaryFolder(async (cwd) => {
      const engine = native ? 'tensorflow' : 'wasm';
      const example = join(root, 'examples/tutorial-pytorch.yaml');
      const ran = await lockstep(cwd, 'run', example, '--engine', engine, '--quiet', ...sets);
      expect(ran.code, ran.stderr).to.equal(0);
      const run = await onlyRun(cwd);
      const records = await readAllRecords(join(run, 'trials/0000/log.ndjson'));
      const logged = records.filter((record) => record.event === 'step');
      expect(logged).to.have.lengthOf(10);
      for (const { batch, variants } of logged) {
        const loss = (name: string) => Number(variants[name]?.scores.loss);
        expect(loss('snn')).to.be.closeTo(loss('builtIn'), 1e-3);
        expect(variants.snn?.indicesDigest).to.equal(batch.indicesDigest);
      }
      const verified = await lockstep(cwd, 'verify', run);
      expect(verified.code, verified.stdout).to.equal(0);
      expect(verified.stdout).to.include('variant snn is a program');
    });
  });
});
