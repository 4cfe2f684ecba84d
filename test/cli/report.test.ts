import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { shippedFolder } from '../../src/config/files.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { lockstep } from '../support/lockstep.js';
import { gainfulTrial, writeSyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const label = '<script>alert(1)</script>|`[x](javascript:1) @someone';

describe('lockstep report', function () {
  this.timeout(60_000);

  it('says the verdict, writes HTML and JSON by the published schema, and passes its gate', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = await writeSyntheticRun(cwd, { seeds });
      const { code, stdout, stderr } = await lockstep(cwd, 'report', run, '--gate', 'better');
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(/^better\nSNN beats ReLU by .* 8 of 8 seeds; .*\n/);
      expect(await readFile(join(run, 'report.html'), 'utf8')).to.match(/^<!doctype html>/);
      const document = JSON.parse(await readFile(join(run, 'report.json'), 'utf8')) as unknown;
      const schema = await readFile(join(shippedFolder, '../docs/report.schema.json'), 'utf8');
      const validate = new Ajv2020().compile(JSON.parse(schema) as object);
      expect(validate(document), JSON.stringify(validate.errors)).to.equal(true);
    });
  });

  it('ends with 6 at the gate of any other verdict', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = await writeSyntheticRun(cwd, { seeds });
      for (const gate of ['worse', 'equivalent', 'inconclusive']) {
        const { code, stderr } = await lockstep(cwd, 'report', run, '--gate', gate);
        expect(stderr).to.match(/^lockstep: --gate: expected the verdict \w+, got better\n/);
        expect(code).to.equal(6);
      }
    });
  });

  it('lets neither another metric nor missing pairs through the gate', async () => {
    await withTemporaryFolder(async (cwd) => {
      const trial: ReturnType<typeof gainfulTrial> = gainfulTrial(0.05);
      const run = await writeSyntheticRun(cwd, {
        seeds,
        trial: (planned, variants) => (planned.index === 7 ? undefined : trial(planned, variants)),
      });
      const missing = await lockstep(cwd, 'report', run, '--gate', 'better');
      expect(missing.stderr).to.match(/all planned pairs, got some missing/);
      expect(missing.code).to.equal(6);
      const metric = ['--metric', 'test.loss', '--gate', 'better'];
      const other = await lockstep(cwd, 'report', run, ...metric);
      expect(other.stderr).to.match(/exploratory report of test\.loss/);
      expect(other.code).to.equal(6);
    });
  });

  it('ranks the variants of a sweep over two folders', async () => {
    await withTemporaryFolder(async (cwd) => {
      for (const [name, rows] of [
        ['small', 24],
        ['large', 48],
      ] as const) {
        await mkdir(join(cwd, name));
        const lines = Array.from({ length: rows }, (_, i) => `${i % 5},${i % 7},c${i % 3}`);
        await writeFile(join(cwd, name, 'table.csv'), `a,b,y\n${lines.join('\n')}\n`);
      }
      const settings = [
        'data={path: small, csv: {target: y, test: {fraction: 0.25}}, validationSize: 0, batchSize: 4}',
        'training.steps=3',
        'evaluation.splits=[{split: test, examples: all}]',
        'network.layers=[{kind: dense, units: 3}]',
        'sweep={method: grid, parameters: {data.path: {values: [small, large]}}}',
      ].flatMap((setting) => ['--set', setting]);
      const swept = await lockstep(cwd, 'sweep', 'debug', '--seeds', '1,2', '--quiet', ...settings);
      expect(swept).to.include({ code: 0, stderr: '' });
      const { stdout } = await lockstep(cwd, 'report', '--json');
      const { dataSets } = JSON.parse(stdout) as ReportDocument;
      expect(dataSets?.sets.map(({ name, seeds: n }) => [name, n])).to.deep.equal([
        ['small', 2],
        ['large', 2],
      ]);
      expect(dataSets?.ranking).to.include({ computable: true, n: 2 });
    });
  });

  it('prints LaTeX for a paper, and nothing else', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = await writeSyntheticRun(cwd, { seeds });
      const { code, stdout } = await lockstep(cwd, 'report', run, '--format', 'latex');
      expect(code).to.equal(0);
      expect(stdout).to.match(/^We compare SNN with [^\n]*\n\n% \\usepackage\{booktabs\}\n\\begin/);
      expect(stdout).to.match(/\\end\{tabular\}\n$/);
    });
  });

  it('prints Markdown and JSON in which labels stay text', async () => {
    await withTemporaryFolder(async (cwd) => {
      const overrides = [`variants.snn.label=${JSON.stringify(label)}`];
      const run = await writeSyntheticRun(cwd, { seeds, overrides });
      const markdown = await lockstep(cwd, 'report', run, '--format', 'markdown');
      expect(markdown.stdout).to.match(/^### Better\n/);
      expect(markdown.stdout).not.to.match(/<script|\]\(|@someone|\|`/);
      const json = await lockstep(cwd, 'report', run, '--json');
      const { variants } = JSON.parse(json.stdout) as ReportDocument;
      expect(variants[1]).to.include({ label });
    });
  });

  it('ends with 2 without a run, and for a metric or gate there is not', async () => {
    await withTemporaryFolder(async (cwd) => {
      expect((await lockstep(cwd, 'report')).code).to.equal(2);
      const run = await writeSyntheticRun(cwd, { seeds: [1, 2] });
      const metric = await lockstep(cwd, 'report', run, '--metric', 'validation.loss');
      expect(metric.stderr).to.match(/--metric: expected .*test\.accuracy.*, got validation\.loss/);
      expect(metric.code).to.equal(2);
      expect((await lockstep(cwd, 'report', run, '--gate', 'best')).code).to.equal(2);
    });
  });
});
