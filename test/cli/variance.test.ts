import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { outcomeJsonSchema } from '../../src/app/outcome.js';
import type { Outcome } from '../../src/app/outcome.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { testedEngine } from '../support/engine.js';
import { lockstep, onlyRun, startLockstepGroup } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const short = ['--engine', testedEngine, '--set', 'training.steps=2'];
const variance = ['variance', 'debug', '--levels', '3', ...short];

async function reportOf(cwd: string): Promise<ReportDocument> {
  const { code, stdout, stderr } = await lockstep(cwd, 'report', '--json');
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout) as ReportDocument;
}

describe('lockstep variance', function () {
  this.timeout(240_000);

  it('trains a Latin square, decomposes it and gives no verdict', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stdout, stderr } = await lockstep(cwd, ...variance, '--jobs', '2', '--json');
      expect(code, stderr).to.equal(0);
      const outcome = JSON.parse(stdout) as Outcome;
      const validate = new Ajv2020({ strict: false }).compile(outcomeJsonSchema());
      expect(validate(outcome), JSON.stringify(validate.errors)).to.equal(true);
      expect(outcome.trials.map(({ streams }) => Object.values(streams ?? {}))).to.deep.equal([
        ...[1, 2, 3].map((init) => [1, init, init]),
        ...[1, 2, 3].map((init) => [2, init, 1 + (init % 3)]),
        ...[1, 2, 3].map((init) => [3, init, 1 + ((init + 1) % 3)]),
      ]);
      const report = await reportOf(cwd);
      expect(report.comparisons).to.deep.equal([]);
      expect(report.curves).to.deep.equal([]);
      expect(report.headline.decision).to.equal('none');
      expect(report.variance).to.deep.equal(outcome.variance);
      expect(report.variance?.quantities.map(({ label }) => label)).to.deep.equal([
        'ReLU',
        'SNN',
        'SNN - ReLU',
      ]);
      const gate = await lockstep(cwd, 'report', '--gate', 'better');
      expect([gate.code, gate.stderr]).to.deep.equal([2, gate.stderr]);
      expect(gate.stderr).to.include('got a decomposition of variance');
      const more = await lockstep(cwd, 'resume', 'runs/latest', '--seeds', '0..9');
      expect(more.code).to.equal(2);
      expect(more.stderr).to.include('cells of a square');
      const run = await onlyRun(cwd);
      expect((await lockstep(cwd, 'verify', run)).stdout).to.include('nothing differs');
      const csv = (await lockstep(cwd, 'export', run, '-', '--to', 'csv')).stdout.split('\n');
      expect(csv[0]).to.match(/^run,trial,seed,dataSeed,initSeed,dropoutSeed,variant,/);
      expect(csv.find((line) => line.split(',')[1] === '5')).to.match(/,5,5,2,3,1,/);

      const shown = (await lockstep(cwd, 'show', run)).stdout;
      expect(shown).to.include('The trials are cells of a square');
      expect(shown).not.to.include('Furthest ahead');
      // A cell of equal seeds is the trial of that seed, to the last bit.
      await withTemporaryFolder(async (other) => {
        await lockstep(other, 'run', 'debug', ...short, '--quiet');
        const valuesOf = async (folder: string) => {
          const text = await readFile(join(folder, 'trials/0000/result.json'), 'utf8');
          const { variants } = JSON.parse(text) as {
            variants: Record<string, { final: unknown; evaluations: unknown }>;
          };
          return Object.values(variants).map(({ final, evaluations }) => [final, evaluations]);
        };
        expect(await valuesOf(run)).to.deep.equal(await valuesOf(await onlyRun(other)));
      });

      await withTemporaryFolder(async (other) => {
        const killed = startLockstepGroup(other, ...variance);
        await killed.saw(/seed 3 +start/);
        process.kill(-killed.child.pid!, 'SIGKILL');
        await killed.finished;
        const { code: resumed } = await lockstep(other, 'resume', 'runs/latest', '--quiet');
        expect(resumed).to.equal(0);
        expect((await reportOf(other)).variance).to.deep.equal(report.variance);
      });
    });
  });

  it('refuses what it cannot decompose, with exit code 2', async () => {
    await withTemporaryFolder(async (cwd) => {
      for (const [args, said] of [
        [['debug', '--levels', '2'], '--levels: expected a whole number from 3 to 31, got 2'],
        [
          ['debug', '--seeds', '1..4'],
          '--seeds: expected 5 seeds, one for each of --levels, got 4',
        ],
        [['sweep-dropout'], 'sweep: expected a configuration without a sweep'],
      ] as const) {
        const { code, stderr } = await lockstep(cwd, 'variance', ...args);
        expect(code).to.equal(2);
        expect(stderr).to.include(said);
      }
    });
  });

  it('lists the cells with --dry-run, from the seeds of the configuration', async () => {
    await withTemporaryFolder(async (cwd) => {
      const dry = ['variance', 'debug', '--levels', '3', '--engine', testedEngine, '--dry-run'];
      const { stdout } = await lockstep(cwd, ...dry);
      expect(stdout).to.include('trial 5  data 2  init 3  dropout 1');
      const given = await lockstep(cwd, ...dry, '--seeds', '4,7,9');
      expect(given.stdout).to.include('trial 5  data 7  init 9  dropout 4');
    });
  });
});
