import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeScalars } from '../../src/export/event-file.js';
import { readScalars } from '../../src/import/event-reader.js';
import { readRunName } from '../../src/import/run-names.js';
import { LockstepError } from '../../src/protocol/index.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { expectGolden, fixtures, importFrom, usualMapping } from './support.js';

/** Imports a fixture, or a changed copy of it, into a folder of its own. */
async function withFixture(
  name: string,
  request: Parameters<typeof importFrom>[2],
  test: (imported: Awaited<ReturnType<typeof importFrom>>) => Promise<void>,
  change: (text: string) => string = (text) => text,
): Promise<void> {
  await withTemporaryFolder(async (cwd) => {
    await cp(join(fixtures, name), join(cwd, name), { recursive: true });
    if (name.endsWith('.csv')) {
      await writeFile(join(cwd, name), change(await readFile(join(cwd, name), 'utf8')));
    }
    await test(await importFrom(cwd, name, request));
  });
}

async function refusal(
  name: string,
  change: (text: string) => string,
  request: Parameters<typeof importFrom>[2] = {},
): Promise<string> {
  try {
    await withFixture(name, request, () => Promise.resolve(), change);
  } catch (error) {
    if (error instanceof LockstepError) return error.message;
    throw error;
  }
  expect.fail('imported');
}

const value = { name: 'value', better: 'higher' } as const;

describe('imports of other programs', () => {
  for (const [format, source, request] of [
    ['optuna', 'optuna.csv', { metric: value }],
    ['mlflow', 'mlflow.csv', {}],
    ['wandb', 'wandb-runs.csv', {}],
    ['wandb', 'wandb-plot.csv', {}],
    ['lightning', 'lightning_logs', {}],
  ] as const) {
    it(`${source}: is recognized as of ${format}, and gives SciPy's numbers`, async () => {
      await withFixture(source, request, async ({ runFolder, manifest }) => {
        expect(manifest.source.format).to.equal(format);
        await expectGolden(runFolder);
      });
    });
  }

  for (const [writer, tag] of [
    ['tensorboardX', 'val_acc'],
    ['tensorflow', 'validation/acc'],
  ] as const) {
    it(`event files of ${writer}: give SciPy's numbers, as float32 has them`, async () => {
      const metric = { name: tag, better: 'higher' } as const;
      await withFixture(writer, { metric }, async ({ runFolder, manifest }) => {
        expect(manifest.source.format).to.equal('tensorboard');
        const report = await expectGolden(runFolder, 1e-3);
        expect(report.comparisons[0]!.pairs.baseline).to.deep.equal([0.91, 0.92].map(Math.fround));
        const curves = report.curves.find(({ quantity }) => quantity === `imported.${tag}`);
        expect(curves?.variants[0]!.seeds[0]!.steps).to.deep.equal([10, 20]);
      });
    });
  }

  it('MLflow: takes variant and seed from the names of runs, and parameters as points', async () => {
    const mapping = { ...usualMapping, runName: '{variant}-seed{seed}' };
    await withFixture('mlflow.csv', { mapping }, async ({ runFolder }) => {
      await expectGolden(runFolder);
    });
  });

  it('MLflow: reads what its page downloads', async () => {
    const page = [
      'Start Time,Duration,Run ID,Name,Source Type,Source Name,User,Status,seed,variant,val_acc',
      ...['1,relu,0.91', '2,relu,0.92', '1,snn,0.94', '2,snn,0.955'].map(
        (row, i) => `2026-11-01 10:00:00,1s,${i},run-${i},LOCAL,train.py,me,FINISHED,${row}`,
      ),
    ].join('\n');
    await withFixture(
      'mlflow.csv',
      {},
      async ({ runFolder, manifest }) => {
        expect(manifest.source.format).to.equal('mlflow');
        await expectGolden(runFolder);
      },
      () => page,
    );
  });

  it('tells the state of a run that has no number', async () => {
    const failed = (text: string) => text.replace('0.955', '').replace(/COMPLETE\s*$/, 'FAIL\n');
    expect(await refusal('optuna.csv', failed, { metric: value })).to.match(
      /^optuna\.csv:5, column value: expected a number for snn with seed 2, got nothing, its state is FAIL$/,
    );
    const crashed = (text: string) => text.replace('"0.955"', '""');
    expect(await refusal('wandb-runs.csv', crashed)).to.match(
      /^wandb-runs\.csv:5, column val_acc: .*its State is finished$/,
    );
  });

  it('names the metrics of a plot that has another one, and runs whose names say no seed', async () => {
    const renamed = (text: string) => text.replaceAll(' - val_acc', ' - val_f1');
    expect(await refusal('wandb-plot.csv', renamed)).to.match(
      /^wandb-plot\.csv:1: expected a column "<run> - val_acc", got those of val_f1$/,
    );
    const mixed = (text: string) => text.replaceAll(/(snn-. - )val_acc/g, '$1val_f1');
    expect(await refusal('wandb-plot.csv', mixed)).to.match(
      /^wandb-plot\.csv:1, column snn-1.*: expected val_acc for every variant, got none for snn/,
    );
    const unnamed = (text: string) => text.replaceAll('snn-1', 'bright-sun');
    expect(await refusal('wandb-plot.csv', unnamed)).to.match(
      /column bright-sun - _step: expected the name of a run like \{variant\}-\{seed\}, got bright-sun$/,
    );
  });

  it('Lightning: takes variant and seed from the path where there are no hyperparameters', async () => {
    await withTemporaryFolder(async (cwd) => {
      const names = ['relu/version_1', 'relu/version_2', 'snn/version_1', 'snn/version_2'];
      for (const [i, name] of names.entries()) {
        await mkdir(join(cwd, 'logs', name), { recursive: true });
        const from = join(fixtures, `lightning_logs/version_${i}/metrics.csv`);
        await cp(from, join(cwd, 'logs', name, 'metrics.csv'));
      }
      await expectGolden((await importFrom(cwd, 'logs')).runFolder);
    });
  });

  it('names the tags of event files without the wanted one', async () => {
    const metric = { name: 'validation/ac', better: 'higher' } as const;
    expect(await refusal('tensorflow', (text) => text, { metric })).to.match(
      /^tensorflow: expected scalars tagged validation\/ac, got train\/acc or validation\/acc; did you mean validation\/acc\?$/,
    );
  });
});

describe('readScalars', () => {
  const event = (step: number) =>
    Buffer.from(encodeScalars({ wallTime: 1, step, scalars: { loss: step / 4 } }));

  it('reads what was written, and passes over a torn last record', () => {
    const content = Buffer.concat([event(1), event(2 ** 40)]);
    const read = [...readScalars(content, 'x')].map(({ tag, step, value: at }) => [tag, step, at]);
    expect(read).to.deep.equal([
      ['loss', 1, 0.25],
      ['loss', 2 ** 40, 2 ** 38],
    ]);
    expect([...readScalars(content.subarray(0, content.length - 1), 'x')]).to.have.length(1);
  });

  it('refuses every flipped byte of a record by its place', () => {
    const sound = Buffer.concat([event(1), event(2), event(3)]);
    const start = event(1).length;
    for (let at = start; at < start + event(2).length; at += 1) {
      const content = Buffer.from(sound);
      content[at]! ^= 0x10;
      expect(() => [...readScalars(content, 'x')], String(at)).to.throw(
        `x, byte ${start}: expected`,
      );
    }
  });

  it('reads the scalars of TensorFlow only, not its histograms', async () => {
    const folder = join(fixtures, 'tensorflow/relu/seed1/validation');
    const [name] = await readdir(folder);
    const tags = [...readScalars(await readFile(join(folder, name!)), 'x')].map(({ tag }) => tag);
    expect(tags).to.deep.equal(['acc', 'acc']);
  });
});

describe('readRunName', () => {
  it('finds the variant and the seed in the usual names', () => {
    for (const [name, variant, seed, rest] of [
      ['relu-1', 'relu', '1', ''],
      ['relu_seed12', 'relu', '12', ''],
      ['resnet-50/seed=3', 'resnet-50', '3', ''],
      ['relu/version_4', 'relu', '4', ''],
      ['relu/seed1/validation', 'relu', '1', 'validation'],
    ] as const) {
      expect(readRunName(name, undefined, 'x')).to.deep.equal({ variant, seed, rest, point: {} });
    }
  });

  it('follows a template, whose other parts are points, and refuses one without a seed', () => {
    expect(readRunName('snn.lr0.1/s7', '{variant}.lr{lr}/s{seed}', 'x')).to.deep.equal({
      ...{ variant: 'snn', seed: '7', rest: '', point: { lr: '0.1' } },
    });
    expect(() => readRunName('snn-7', '{variant}', 'x')).to.throw(
      /^--run-name: expected a template/,
    );
    expect(() => readRunName('snn', '{variant}-{seed}', 'x')).to.throw(/^x: .*got snn$/);
  });
});
