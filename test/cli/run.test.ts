import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { Outcome } from '../../src/app/outcome.js';
import { shippedFolder } from '../../src/config/files.js';
import { mnistFolder } from '../../src/data/formats/mnist.js';
import { readAllRecords } from '../support/read-all-records.js';
import type { LogRecord } from '../../src/log/records.js';
import { lasting } from '../support/lasting-record.js';
import { lockstep, onlyRun, startLockstep } from '../support/lockstep.js';
import { childrenOf, gone } from '../support/processes.js';
import { requirePublishedLogs } from '../support/published-logs.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const debug = ['run', 'debug', '--engine', 'wasm'];

async function records(cwd: string, trial = 0): Promise<LogRecord[]> {
  const folder = String(trial).padStart(4, '0');
  const all = await readAllRecords(join(await onlyRun(cwd), 'trials', folder, 'log.ndjson'));
  return all;
}

async function resultText(cwd: string, trial = 0): Promise<string> {
  const folder = String(trial).padStart(4, '0');
  return readFile(join(await onlyRun(cwd), 'trials', folder, 'result.json'), 'utf8');
}

describe('lockstep run', function () {
  this.timeout(120_000);

  it('logs three variants with streams of their own as published', async () => {
    await withTemporaryFolder(async (cwd) => {
      const config = [
        'extends: debug',
        'variants:',
        '  wide-snn: { label: Wide, input: raw, activation: selu, init: lecun }',
        'pairing: { init: independent, dropout: independent }',
        'evaluation: { predictions: true }',
        'checkpoint: { initial: true }',
      ];
      await writeFile(join(cwd, 'three.yaml'), config.join('\n'));
      const { code, stderr } = await lockstep(cwd, 'run', 'three.yaml', '--engine', 'wasm');
      expect(code, stderr).to.equal(0);
      const [start, ...others] = await records(cwd);
      const names = ['relu', 'snn', 'wide-snn'];
      if (start?.event !== 'trial.start') throw new Error('expected the start first');
      expect(start.streams.init).to.have.all.keys(names);
      expect(start.streams.dropout).to.have.all.keys(names);
      for (const record of others) {
        if (record.event === 'step') expect(record.variants).to.have.all.keys(names);
      }
      expect(requirePublishedLogs(await onlyRun(cwd))).to.equal(others.length + 1);
    });
  });

  it('leaves a log, checkpoints, a result and the figure, and prints a summary', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stdout, stderr } = await lockstep(cwd, ...debug);
      expect(stderr).to.include('engine wasm');
      expect(code).to.equal(0);
      expect(stdout).to.match(/test accuracy \(64\)/);
      const run = await onlyRun(cwd);
      expect((await readdir(run)).sort()).to.deep.equal([
        'SHA256SUMS',
        'figure.png',
        'figure.svg',
        'manifest.json',
        'trials',
      ]);
      expect((await readdir(join(run, 'trials/0000'))).sort()).to.deep.equal([
        'SHA256SUMS',
        'checkpoints',
        'log.ndjson',
        'result.json',
      ]);
      const log = await records(cwd);
      expect(log.map(({ seq }) => seq)).to.deep.equal(log.map((_, index) => index + 1));
      expect(log.map(({ event }) => event)).to.deep.equal([
        'trial.start',
        ...Array.from({ length: 10 }, () => 'step'),
        'evaluation',
        'checkpoint',
        'trial.end',
      ]);
    });
  });

  it('gives the same log twice, and each of several seeds the log it has alone', async () => {
    await withTemporaryFolder(async (first) => {
      await withTemporaryFolder(async (second) => {
        await lockstep(first, ...debug, '--seeds', '1..2', '--quiet');
        await lockstep(second, ...debug, '--seeds', '2', '--quiet');
        const together = (await records(first, 1)).map(lasting);
        const alone = (await records(second, 0)).map(lasting);
        expect(together).to.deep.equal(alone.map((record) => ({ ...record, trial: 1 })));
      });
    });
  });

  it('writes the trace and the initial checkpoint when asked to', async () => {
    await withTemporaryFolder(async (cwd) => {
      await lockstep(cwd, ...debug, '--trace', '--set', 'checkpoint.initial=true', '--quiet');
      const trial = join(await onlyRun(cwd), 'trials/0000');
      const trace = (await readFile(join(trial, 'trace.ndjson'), 'utf8')).trimEnd().split('\n');
      expect(trace).to.have.length(10);
      const first = JSON.parse(trace[0]!) as { step: number; indices: number[] };
      expect(first.step).to.equal(1);
      expect(first.indices).to.have.length(16);
      expect((await readdir(join(trial, 'checkpoints/step-000000'))).sort()).to.deep.equal([
        'relu.safetensors',
        'snn.safetensors',
        'state.json',
      ]);
    });
  });

  it('prints the tutorial format and nothing else on standard output', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { stdout } = await lockstep(cwd, ...debug, '--format', 'tutorial');
      const lines = stdout.split('\n');
      const number = String.raw`\d+\.\d{6}, Training Accuracy= \d\.\d{5}`;
      expect(lines[0]).to.match(new RegExp(`^RELU: Nbr of updates: 1, Minibatch Loss= ${number}$`));
      expect(lines[19]).to.match(
        new RegExp(`^SNN: Nbr of updates: 10, Minibatch Loss= ${number}$`),
      );
      expect(lines.slice(20, 22)).to.deep.equal(['Optimization Finished!', '']);
      expect(lines[22]).to.match(/^ReLU: Testing Accuracy: 0\.\d{6}$/);
      expect(lines[23]).to.match(/^SNN: Testing Accuracy: 0\.\d{6}$/);
      expect(lines[24]).to.equal('');
      expect(lines).to.have.length(25);
    });
  });

  it('prints one JSON document with --json, and nothing with --quiet', async () => {
    await withTemporaryFolder(async (cwd) => {
      const json = await lockstep(cwd, ...debug, '--json');
      const outcome = JSON.parse(json.stdout) as Outcome;
      expect(outcome).to.have.property('outcome', 'completed');
      expect(outcome.run.trials).to.include({ planned: 1, completed: 1, left: 0 });
      const { figures, logs, results } = outcome.files;
      for (const file of [...figures, ...logs, ...results, outcome.files.manifest]) {
        expect(existsSync(join(cwd, file)), file).to.equal(true);
      }
      expect([figures, logs, results].map(({ length }) => length)).to.deep.equal([2, 1, 1]);
      const schema = await readFile(join(shippedFolder, '../docs/outcome.schema.json'), 'utf8');
      const validate = new Ajv2020().compile(JSON.parse(schema) as object);
      expect(validate(outcome), JSON.stringify(validate.errors)).to.equal(true);
      const quiet = await lockstep(cwd, ...debug, '--quiet');
      expect([quiet.stdout, quiet.stderr]).to.deep.equal(['', '']);
    });
  });

  it('makes nothing with --dry-run and --print-config', async () => {
    await withTemporaryFolder(async (cwd) => {
      const dry = await lockstep(cwd, ...debug, '--dry-run', '--seeds', '1..3');
      expect(dry.stdout).to.include('debug: 3 trials of 10 steps, variants relu, snn');
      expect(dry.stdout).to.include('network of relu, snn: 12,770 parameters');
      const json = await lockstep(cwd, ...debug, '--dry-run', '--json');
      const schema = await readFile(join(shippedFolder, '../docs/dry-run.schema.json'), 'utf8');
      const validate = new Ajv2020().compile(JSON.parse(schema) as object);
      expect(validate(JSON.parse(json.stdout)), JSON.stringify(validate.errors)).to.equal(true);
      const printed = await lockstep(cwd, ...debug, '--print-config');
      expect(printed.stdout).to.include('name: debug');
      expect([dry.code, printed.code]).to.deep.equal([0, 0]);
      expect(existsSync(join(cwd, 'runs'))).to.equal(false);
    });
  });

  it('reads another dataset with .gz files by data.path alone', async () => {
    await withTemporaryFolder(async (cwd) => {
      await mkdir(join(cwd, 'digits'));
      for (const name of await readdir(mnistFolder())) {
        const compressed = gzipSync(await readFile(join(mnistFolder(), name)), { level: 1 });
        await writeFile(join(cwd, 'digits', `${name}.gz`), compressed);
      }
      const { code, stderr } = await lockstep(cwd, ...debug, '--set', 'data.path=digits');
      expect(stderr).to.include('completed');
      expect(code).to.equal(0);
    });
  });
});

describe('lockstep run, given something wrong,', function () {
  this.timeout(120_000);

  const cases: readonly [title: string, args: string[], code: number, message: RegExp][] = [
    ['an unknown key', ['--set', 'training.stepz=3'], 2, /training\.stepz.*\n?.*steps/s],
    ['a wrong type', ['--set', 'training.steps=many'], 2, /training\.steps: expected .* got/],
    ['a rate of 1.0', ['--set', 'variants.snn.dropout.rate=1.0'], 2, /rate: expected .*\[0, 1\)/],
    ['a NaN learning rate', ['--set', 'training.optimizer.learningRate=.nan'], 2, /learningRate/],
    [
      'a layer that does not fit',
      ['--set', 'network.layers.0.padding=valid', '--set', 'network.layers.0.kernelSize=99'],
      2,
      /network\.layers\.0 \(conv2d\)/,
    ],
    ['an unknown flag', ['--sedes', '1'], 2, /unknown flag --sedes; did you mean --seeds\?/],
    ['a folder without a name', ['--out', ''], 2, /--out: expected a value, got an empty one/],
    ['a flag given twice', ['--seeds', '1', '--seeds', '2'], 2, /--seeds: expected one value/],
    ['a flag without its value', ['--engine'], 2, /--engine: expected a value, got none/],
    ['an engine that is not there', ['--engine', 'cuda'], 2, /engine/],
    ['a dataset that is not there', ['--set', 'data.path=nowhere'], 3, /nowhere/],
  ];
  for (const [title, args, code, message] of cases) {
    it(`says so and ends with ${code}: ${title}`, async () => {
      await withTemporaryFolder(async (cwd) => {
        const engine = args.includes('--engine') ? [] : ['--engine', 'wasm'];
        const ended = await lockstep(cwd, 'run', 'debug', ...engine, ...args);
        expect(ended.stderr).to.match(message);
        expect(ended.stderr).not.to.match(/^ {4}at /m);
        expect(ended.code).to.equal(code);
        expect(existsSync(join(cwd, 'runs'))).to.equal(false);
      });
    });
  }

  it('ends with 3 and names the file when an IDX file is cut short', async () => {
    await withTemporaryFolder(async (cwd) => {
      for (const name of await readdir(mnistFolder())) {
        await copyFile(join(mnistFolder(), name), join(cwd, name));
      }
      await truncate(join(cwd, 't10k-images-idx3-ubyte'), 1000);
      const { code, stderr } = await lockstep(cwd, ...debug, '--set', `data.path=${cwd}`);
      expect(stderr).to.include('t10k-images-idx3-ubyte');
      expect(code).to.equal(3);
    });
  });

  it('ends with 4 and keeps the log when a variant diverges', async () => {
    await withTemporaryFolder(async (cwd) => {
      const rate = ['--set', 'training.optimizer.learningRate=1e30'];
      const { code, stdout, stderr } = await lockstep(cwd, ...debug, '--quiet', ...rate);
      expect(code).to.equal(4);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^lockstep: trial 0 \(seed 1\): .*relu.*\n$/);
      const last = (await records(cwd)).at(-1);
      expect(last).to.include({ event: 'trial.end', outcome: 'diverged' });
      expect(await resultText(cwd)).to.include('"NaN"');
    });
  });

  it('ends with 2 when --out cannot be made', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeFile(join(cwd, 'runs'), 'a file');
      const { code, stderr } = await lockstep(cwd, ...debug);
      expect(stderr).to.include('--out');
      expect(code).to.equal(2);
    });
  });
});

describe('lockstep run, interrupted,', function () {
  this.timeout(120_000);
  const long = [...debug, '--set', 'training.steps=400', '--set', 'checkpoint.every=50'];

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`finishes the step and checkpoints on ${signal}, and a resume ends like an undisturbed run`, async () => {
      await withTemporaryFolder(async (cwd) => {
        const running = startLockstep(cwd, ...long);
        await running.saw(/step +\d\d\/400/);
        running.child.kill(signal);
        const ended = await running.finished;
        expect(ended.code).to.equal(code);
        expect(ended.stderr).to.match(/lockstep resume runs\/debug-/);
        expect((await records(cwd)).at(-1)).to.include({ outcome: 'interrupted' });

        const resumed = await lockstep(cwd, 'resume', await onlyRun(cwd), '--quiet');
        expect(resumed).to.include({ code: 0, stderr: '' });
        await withTemporaryFolder(async (other) => {
          await lockstep(other, ...long, '--quiet');
          const undisturbed = (await records(other)).map(lasting);
          const log = (await records(cwd)).filter(({ event }) => event !== 'trial.resume');
          expect(log.map(lasting)).to.deep.equal(undisturbed);
          expect(await resultText(cwd)).to.equal(await resultText(other));
        });
      });
    });
  }

  it('stops as on SIGINT, resumably, when who read its output has left', async () => {
    await withTemporaryFolder(async (cwd) => {
      const running = startLockstep(cwd, ...long, '--format', 'tutorial');
      await running.saw(/Nbr of updates: \d\d,/);
      running.child.stdout!.destroy();
      const { code, stderr } = await running.finished;
      expect(stderr).to.match(/lockstep resume runs\/debug-/);
      expect(stderr).not.to.match(/^ +at /m);
      expect(code).to.equal(130);
      expect((await records(cwd)).at(-1)).to.include({ outcome: 'interrupted' });
      expect((await lockstep(cwd, 'resume', 'runs/latest', '--quiet')).code).to.equal(0);
    });
  });

  it('stops without a word when nobody reads what it says on standard error, either', async () => {
    await withTemporaryFolder(async (cwd) => {
      const running = startLockstep(cwd, ...long);
      await running.saw(/step +\d\d\/400/);
      running.child.stdout!.destroy();
      running.child.stderr!.destroy();
      expect((await running.finished).code).to.equal(130);
      expect((await records(cwd)).at(-1)).to.include({ outcome: 'interrupted' });
    });
  });

  it('ends with 5 when the process of its trial is killed, and keeps every whole record', async () => {
    await withTemporaryFolder(async (cwd) => {
      const running = startLockstep(cwd, ...long, '--retries', '0');
      await running.saw(/step +\d\d\/400/);
      for (const trial of childrenOf(running.child.pid!)) process.kill(trial, 'SIGKILL');
      const { code, stderr } = await running.finished;
      expect(stderr).to.match(/trial 0: its process died \(killed by SIGKILL\)/);
      expect(code).to.equal(5);
      const log = await records(cwd);
      expect(log.map(({ seq }) => seq)).to.deep.equal(log.map((_, index) => index + 1));

      const manifest = join(await onlyRun(cwd), 'manifest.json');
      const frozen = await readFile(manifest, 'utf8');
      await writeFile(manifest, frozen.replace('"learningRate": 0.025', '"learningRate": 0.5'));
      const refused = await lockstep(cwd, 'resume', 'runs/latest', '--quiet');
      expect(refused.stderr).to.match(/these changed:\n {2}configuration: was [0-9a-f]+, is/);
      expect(refused.code).to.equal(2);
      await writeFile(manifest, frozen);

      const resumed = await lockstep(cwd, 'resume', 'runs/latest', '--quiet');
      expect(resumed.code).to.equal(0);
    });
  });

  it('starts a trial again whose process was killed, and ends well', async () => {
    await withTemporaryFolder(async (cwd) => {
      const running = startLockstep(cwd, ...long);
      await running.saw(/step +\d\d\/400/);
      for (const trial of childrenOf(running.child.pid!)) process.kill(trial, 'SIGKILL');
      const { code, stderr } = await running.finished;
      expect(stderr).to.include('starting it again from its newest checkpoint');
      expect(code).to.equal(0);
      expect((await records(cwd)).filter(({ event }) => event === 'step')).to.have.length(400);
    });
  });

  it('leaves no trial behind when it is killed itself', async () => {
    await withTemporaryFolder(async (cwd) => {
      const running = startLockstep(cwd, ...long);
      await running.saw(/step +\d\d\/400/);
      const [trial] = childrenOf(running.child.pid!);
      running.child.kill('SIGKILL');
      await running.finished;
      await gone(trial!);
      expect((await records(cwd)).at(-1)).to.include({ outcome: 'interrupted' });
    });
  });
});
