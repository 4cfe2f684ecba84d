import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lockstep, onlyRun } from '../support/lockstep.js';
import { readAllRecords } from '../support/read-all-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { writeTinyDataset } from '../support/tiny-run.js';

const root = process.cwd();
const client = pathToFileURL(join(root, 'clients/node/lockstep.mjs')).href;
const python = process.env.LOCKSTEP_PYTHON ?? 'python3';

/** Skips the test, loudly, where there is no Python with a module. */
function requirePython(context: Mocha.Context, module: string): void {
  if (spawnSync(python, ['-c', `import ${module}`]).status === 0) return;
  console.warn(`SKIPPED: ${python} has no ${module}; LOCKSTEP_PYTHON names another Python`);
  context.skip();
}

/** Runs the debug configuration with a program in the place of the SNN. */
async function runWith(cwd: string, program: readonly string[], ...sets: string[]) {
  const overrides = [
    `data.path=${await writeTinyDataset(cwd)}`,
    'data.validationSize=10',
    'evaluation.splits=[{split: test, examples: all}]',
    `variants.snn=null`,
    `variants.own={program: ${JSON.stringify(program)}}`,
    ...sets,
  ].flatMap((set) => ['--set', set]);
  return lockstep(cwd, 'run', 'debug', '--engine', 'wasm', '--quiet', ...overrides);
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

  it('trains beside a built-in one on proven minibatches, and verify passes', async () => {
    await withTemporaryFolder(async (cwd) => {
      const program = await writeProgram(cwd, `await train({ ${steps} });`);
      const { code, stderr } = await runWith(cwd, program);
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
  });

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
    requirePython(this, 'unittest');
    execFileSync(python, ['-m', 'unittest', 'discover', 'clients/python/tests'], { stdio: 'pipe' });
  });

  it('is the shipped example in NumPy, and learns', async function () {
    requirePython(this, 'numpy');
    await withTemporaryFolder(async (cwd) => {
      const command = [python, join(root, 'examples/softmax_numpy.py')];
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
});
