import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import type { Outcome } from '../../src/app/outcome.js';
import { readAllRecords } from '../support/read-all-records.js';
import type { LogRecord } from '../../src/log/records.js';
import { readManifest } from '../../src/run/run-directory.js';
import { lockstep, onlyRun } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const sweepOf = (parameters: string) => [
  '--set',
  `sweep={method: grid, parameters: ${parameters}}`,
];
const rates = sweepOf('{variants.snn.dropout.rate: {values: [0.05, 0.2, 0.05]}}');
const sweep = ['sweep', 'debug', '--engine', 'wasm', '--seeds', '1..2'];

/** What a trial recorded, without what may differ between two executions. */
function lasting(records: readonly LogRecord[], ...more: string[]): object {
  const fleeting = new Set(['time', 'seq', 'runId', 'trainMs', 'evalMs', ...more]);
  return JSON.parse(
    JSON.stringify(records, (key, value: unknown) => (fleeting.has(key) ? undefined : value)),
  ) as object;
}

const logOf = async (cwd: string, trial: number) =>
  readAllRecords(join(await onlyRun(cwd), 'trials', String(trial).padStart(4, '0'), 'log.ndjson'));

describe('lockstep sweep', function () {
  this.timeout(120_000);

  it('trains every point with every seed, each as a plain run with its values', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stdout } = await lockstep(cwd, ...sweep, ...rates, '--json');
      expect(code).to.equal(0);
      const document = JSON.parse(stdout) as Outcome;
      expect(document.points.map(({ values, trials }) => [values, trials.completed])).to.deep.equal(
        [
          [{ 'variants.snn.dropout.rate': 0.05 }, 2],
          [{ 'variants.snn.dropout.rate': 0.2 }, 2],
        ],
      );
      const run = await onlyRun(cwd);
      const { trials } = await readManifest(run);
      expect(trials.map(({ point, seed }) => [Object.values(point)[0], seed])).to.deep.equal([
        [0.05, 1],
        [0.05, 2],
        [0.2, 1],
        [0.2, 2],
      ]);
      const result = await readFile(join(run, 'trials/0003/result.json'), 'utf8');
      expect(JSON.parse(result)).to.have.deep.property('point', trials[3]!.point);
      expect((await lockstep(cwd, 'verify', run)).code).to.equal(0);

      await withTemporaryFolder(async (other) => {
        const rate = ['--set', 'variants.snn.dropout.rate=0.2', '--seeds', '2', '--quiet'];
        await lockstep(other, 'run', 'debug', '--engine', 'wasm', ...rate);
        const alone = lasting(await logOf(other, 0), 'trial');
        expect(lasting(await logOf(cwd, 3), 'trial')).to.deep.equal(alone);
      });
    });
  });

  it('gives with --jobs 2 what it gives one after the other, and can be shown and listed', async () => {
    await withTemporaryFolder(async (cwd) => {
      const noisy = ['--set', 'training.augmentation=[{kind: noise, std: 0.1}]'];
      await lockstep(cwd, ...sweep, ...rates, ...noisy, '--quiet', '--jobs', '2');
      await withTemporaryFolder(async (other) => {
        await lockstep(other, ...sweep, ...rates, ...noisy, '--quiet');
        for (const trial of [0, 1, 2, 3]) {
          const serial = lasting(await logOf(other, trial));
          expect(lasting(await logOf(cwd, trial))).to.deep.equal(serial);
        }
      });
      const shown = await lockstep(cwd, 'show');
      expect(shown.stdout).to.match(/rate 0\.05 +2\/2 .*\n.*rate 0\.2 +2\/2 /);
      const csv = (await lockstep(cwd, 'show', '--csv')).stdout.split('\n');
      expect(csv[0]).to.equal(
        'variants.snn.dropout.rate,planned,completed,metric,variant,n,mean,sd,baseline,pairs,delta,deltaSd',
      );
      expect(csv[1]).to.match(/^0\.05,2,2,test\.accuracy,relu,2,[\d.e-]+,[\d.e-]+,relu,,,$/);
      expect(csv[2]).to.match(
        /^0\.05,2,2,test\.accuracy,snn,2,[\d.e-]+,[\d.e-]+,relu,2,[\d.e-]+,[\d.e-]+$/,
      );
      const cells = csv[2]!.split(',').map((cell) => (/^-?\d/.test(cell) ? Number(cell) : cell));
      expect((await lockstep(cwd, 'show', '--parquet', 'points.parquet')).stdout).to.equal(
        'points.parquet\n',
      );
      const file = await asyncBufferFromFile(join(cwd, 'points.parquet'));
      const rows = (await parquetReadObjects({ file })) as Record<string, unknown>[];
      expect(rows.map(Object.keys)).to.deep.equal(
        Array.from({ length: 4 }, () => csv[0]!.split(',')),
      );
      expect(
        Object.values(rows[1]!).map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)),
      ).to.deep.equal(cells);
      const two = await lockstep(cwd, 'show', '--csv', '--parquet', 'x');
      expect(two.code).to.equal(2);
      expect(two.stderr).to.contain('expected one of --json, --csv and --parquet, got --csv and');
      const listed = await lockstep(cwd, 'list');
      expect(listed.stdout).to.match(
        /runs\/debug-\S+ +done +4\/4 +(-|\S+ test\.accuracy, snn at rate)/,
      );
      expect((await lockstep(cwd, 'list', '--out', 'nowhere')).code).to.equal(2);
    });
  });

  it('trains, shows and reports points that set other paths than their neighbours', async () => {
    await withTemporaryFolder(async (cwd) => {
      const rate = 'training.optimizer.learningRate';
      const conditional = sweepOf(
        `[{${rate}: {values: [0.01, 0.03]}}, {${rate}: {values: [0.01]}, training.optimizer.momentum: {values: [0.9]}}, {start: {together: [{}, {checkpoint.initial: true}]}}]`,
      );
      const few = ['--seeds', '1', '--jobs', '2', '--set', 'training.steps=2', '--quiet'];
      const trained = await lockstep(cwd, ...sweep.slice(0, 4), ...few, ...conditional);
      expect(trained).to.include({ code: 0, stderr: '' });
      const { trials } = await readManifest(await onlyRun(cwd));
      expect(trials.map(({ point }) => Object.values(point))).to.deep.equal([
        [0.01],
        [0.03],
        [0.01, 0.9],
        [],
        [true],
      ]);
      const last = async (trial: number) =>
        (await logOf(cwd, trial)).findLast(({ event }) => event === 'step');
      // Momentum shows from the second step on.
      expect(lasting([(await last(2))!], 'trial')).not.to.deep.equal(
        lasting([(await last(0))!], 'trial'),
      );
      const shown = (await lockstep(cwd, 'show')).stdout;
      expect(shown).to.match(/learningRate 0\.01, momentum 0\.9 +1\/1 [\s\S]*as configured +1\/1 /);
      const csv = (await lockstep(cwd, 'show', '--csv')).stdout.split('\n');
      expect(csv[0]).to.match(
        /^training\S+learningRate,training\S+momentum,checkpoint.initial,planned/,
      );
      const challengers = csv.filter((line) => line.includes(',snn,'));
      expect(challengers.map((line) => line.split(',').slice(0, 3))).to.deep.equal([
        ['0.01', '', ''],
        ['0.03', '', ''],
        ['0.01', '0.9', ''],
        ['', '', ''],
        ['', '', 'true'],
      ]);
      await lockstep(cwd, 'show', '--parquet', 'points.parquet');
      const file = await asyncBufferFromFile(join(cwd, 'points.parquet'));
      const rows = (await parquetReadObjects({ file })) as Record<string, unknown>[];
      const momentum = rows
        .filter(({ variant }) => variant === 'snn')
        .map((row) => row['training.optimizer.momentum'] ?? null);
      expect(momentum).to.deep.equal([null, null, 0.9, null, null]);
      expect((await lockstep(cwd, 'verify')).code).to.equal(0);
      expect((await lockstep(cwd, 'report')).code).to.equal(0);
      const report = await readFile(join(await onlyRun(cwd), 'report.html'), 'utf8');
      expect(report)
        .to.contain('Difference by learningRate')
        .and.not.contain('Difference by momentum');
    });
  });

  it('lists the trials with --dry-run, as text and as JSON, makes nothing, and says what it ignores', async () => {
    await withTemporaryFolder(async (cwd) => {
      const looks = ['--set', 'decision.sequential={}'];
      const text = await lockstep(cwd, ...sweep, ...rates, ...looks, '--dry-run');
      expect(text.stderr).to.include('Ignoring decision.sequential of this configuration');
      expect(text.stdout).to.include('debug: 4 trials (2 points x 2 seeds), variants relu, snn');
      expect(text.stdout).to.include('trial 3  seed 2  variants.snn.dropout.rate=0.2');
      const json = await lockstep(cwd, ...sweep, ...rates, '--dry-run', '--json');
      expect(JSON.parse(json.stdout)).to.have.property('count', 4);
      expect(await readdir(cwd)).to.deep.equal([]);
    });
  });

  const cases: readonly [title: string, args: string[], message: RegExp][] = [
    ['a configuration without a sweep', [], /expected a sweep in the configuration/],
    [
      'a value that is not allowed',
      sweepOf('{variants.snn.dropout.rate: {values: [0.1, 1]}}'),
      /values\.1: variants\.snn\.dropout\.rate: expected a number in \[0, 1\), got 1/,
    ],
    [
      'values that are not allowed together',
      sweepOf(
        '{network.layers.0.padding: {values: [same, valid]}, network.layers.0.kernelSize: {values: [3, 99]}}',
      ),
      /point 3 \(network\.layers\.0\.padding="valid", network\.layers\.0\.kernelSize=99\): variant relu: network\.layers\.0/,
    ],
    [
      'points that cannot be compared',
      sweepOf('{baseline: {values: [relu, snn]}}'),
      /sweep\.parameters\.baseline: expected a path that a sweep can vary, got baseline/,
    ],
    [
      'more than 1,000 trials',
      [
        '--set',
        'sweep={method: random, samples: 501, parameters: {training.optimizer.learningRate: {uniform: [0.1, 1]}}}',
      ],
      /expected at most 1000 trials without --yes, got 1002[\s\S]*--yes/,
    ],
  ];
  for (const [title, args, message] of cases) {
    it(`refuses ${title}`, async () => {
      await withTemporaryFolder(async (cwd) => {
        const { code, stderr } = await lockstep(cwd, ...sweep, ...args);
        expect(stderr).to.match(message);
        expect(code).to.equal(2);
        expect(existsSync(join(cwd, 'runs'))).to.equal(false);
      });
    });
  }
});
