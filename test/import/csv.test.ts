import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyRun } from '../../src/audit/verify-run.js';
import { runCsv } from '../../src/export/export-run.js';
import { LockstepError } from '../../src/protocol/index.js';
import { renderReportPage } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { collectProvenance } from '../../src/run/provenance.js';
import { readManifest } from '../../src/run/run-directory.js';
import { lockstep } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { expectGolden, importFrom, reportOf, usualMapping } from './support.js';

const header = 'variant,seed,val_acc';
const rows = ['relu,1,0.91', 'relu,2,0.92', 'snn,1,0.94', 'snn,2,0.955'];

/** The message of the error with which an import ends. */
async function refusal(
  lines: readonly string[],
  request: Parameters<typeof importFrom>[2] = {},
): Promise<string> {
  return withTemporaryFolder(async (cwd) => {
    await writeFile(join(cwd, 'results.csv'), `${lines.join('\n')}\n`);
    try {
      await importFrom(cwd, 'results.csv', request);
    } catch (error) {
      if (error instanceof LockstepError) return error.message;
      throw error;
    }
    expect.fail('imported');
  });
}

async function withImport(
  lines: readonly string[],
  request: Parameters<typeof importFrom>[2],
  test: (runFolder: string, cwd: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (cwd) => {
    await writeFile(join(cwd, 'results.csv'), `${lines.join('\n')}\n`);
    const { runFolder } = await importFrom(cwd, 'results.csv', request);
    await test(runFolder, cwd);
  });
}

describe('import of a CSV file', () => {
  it("gives SciPy's numbers, and says what cannot be verified", async () => {
    await withImport([header, ...rows], {}, async (runFolder) => {
      const report = await expectGolden(runFolder);
      expect(report.run).to.include({ importedFrom: 'results.csv' }).and.not.have.key('engine');
      expect(report.notes[0]).to.match(/cannot verify .*same minibatches.*which code, data/);
      expect(report.decision).to.include({ metric: 'imported.val_acc', exploratory: false });
      expect(renderMarkdown(report))
        .to.match(/of val\\_acc/)
        .and.match(/from results\\?\.csv/);
      const page = await renderReportPage(report);
      expect(page).to.include('imported from results.csv').and.not.include('engine ·');
    });
  });

  it('takes other names of columns, other delimiters, points, and the first variant as baseline', async () => {
    const lines = ['model;run;lr;top1', ...rows.flatMap((row) => [row, row])];
    const swept = lines.map((line, i) =>
      i === 0 ? line : line.replace(/,(\d),/, `;$1;${i % 2 === 0 ? 0.1 : 0.01};`),
    );
    const mapping = {
      ...{ variantColumn: 'model', seedColumn: 'run', pointColumns: ['lr'], delimiter: ';' },
    };
    const metric = { name: 'top1', better: 'higher' } as const;
    await withImport(swept, { mapping, metric }, async (runFolder) => {
      const { points, baseline, comparisons } = await reportOf(runFolder);
      expect(points.map(({ values }) => values)).to.deep.equal([{ lr: 0.01 }, { lr: 0.1 }]);
      expect(baseline).to.equal('relu');
      expect(comparisons.map(({ wins }) => wins)).to.deep.equal([2, 2]);
    });
  });

  it('keeps curves of a source with steps, and compares the last values', async () => {
    const lines = rows.flatMap((row) => [
      row.replace(/,[^,]+$/, ',10,0.5'),
      row.replace(/,([^,]+)$/, ',20,$1'),
    ]);
    await withImport(['variant,seed,step,val_acc', ...lines], {}, async (runFolder) => {
      const { curves, points } = await expectGolden(runFolder);
      expect(points[0]!.steps).to.equal(20);
      expect(curves[0]).to.include({ quantity: 'imported.val_acc', direction: 'higher' });
      expect(curves[0]!.variants[1]!.seeds[0]).to.deep.include({
        steps: [10, 20],
        values: [0.5, 0.94],
      });
    });
  });

  it('notes seeds whose variants end at different steps', async () => {
    const lines = rows.map((row, i) => row.replace(/,([^,]+)$/, `,${i === 3 ? 30 : 20},$1`));
    await withImport(['variant,seed,step,val_acc', ...lines], {}, async (runFolder) => {
      const { notes } = await reportOf(runFolder);
      expect(notes.at(-1)).to.equal(
        'the last step is not the same for all variants of 1 of 2 trials (seed 2: relu 20, snn 30)',
      );
    });
  });

  it('counts a NaN that is spelled out as a failed pair, in every direction', async () => {
    const lines = [header, ...rows, 'relu,3,0.9', 'snn,3,NaN'];
    await withImport(lines, {}, async (runFolder) => {
      const { comparisons, trials } = await reportOf(runFolder);
      expect(comparisons[0]!.pairs).to.deep.include({
        ...{ planned: 3, completed: 2, missing: [{ seed: 3, missing: 'challenger' }] },
      });
      expect(trials[2]).to.include({ state: 'diverged' });
      expect(trials[2]!.reason).to.equal('snn: val_acc is NaN (results.csv:7, column val_acc)');
    });
  });

  it('takes other metrics with their directions, as exploratory reports', async () => {
    const lines = [`${header},val_loss`, ...rows.map((row, i) => `${row},${0.3 - i / 10}`)];
    const also = [{ name: 'val_loss', better: 'lower' }] as const;
    await withImport(lines, { also }, async (runFolder) => {
      const { decision, comparisons } = await reportOf(runFolder, 'val_loss');
      expect(decision).to.include({ metric: 'imported.val_loss', direction: 'lower' });
      expect(comparisons[0]).to.include({ exploratory: true, wins: 2 });
    });
  });

  it('refuses a missing cell by file, line and column', async () => {
    expect(await refusal([header, ...rows.slice(0, 3), 'snn,2,'])).to.match(
      /^results\.csv:5, column val_acc: expected a number for snn with seed 2, got nothing/,
    );
    expect(await refusal([header, ...rows.slice(0, 3), 'snn,,0.9'])).to.match(
      /^results\.csv:5, column seed: expected the seed, a whole number, got nothing/,
    );
    expect(await refusal([header, ...rows.slice(0, 3), ',2,0.9'])).to.match(
      /^results\.csv:5, column variant: expected a variant, got nothing/,
    );
    expect(await refusal([header, ...rows.slice(0, 3), 'snn,2,95.5%'])).to.match(
      /^results\.csv:5, column val_acc: expected a number, got 95\.5%/,
    );
  });

  it('refuses unpaired and duplicate seeds by name', async () => {
    expect(await refusal([header, ...rows, 'snn,3,0.9', 'snn,4,0.9'])).to.equal(
      'results.csv: expected val_acc of every variant with seed 3, got none of relu (snn has it at results.csv:6, column val_acc); in all 2 seeds: relu 3, relu 4',
    );
    expect(await refusal([header, ...rows, 'snn,2,0.9'])).to.equal(
      'results.csv:6, column val_acc: expected one val_acc of snn with seed 2, got another; the first is at results.csv:5, column val_acc',
    );
  });

  it('refuses mixed metrics, unknown columns, a lone variant and a baseline that is none', async () => {
    const mixed = ['variant,seed,val_acc,val_f1', 'relu,1,0.91,', 'snn,1,,0.94'];
    expect(await refusal(mixed)).to.match(
      /^results\.csv:3, column val_acc: expected val_acc for every variant, got none for snn.*different metrics/,
    );
    const metric = { name: 'val_ac', better: 'higher' } as const;
    expect(await refusal([header, ...rows], { metric })).to.match(/did you mean val_acc\?$/);
    expect(await refusal([header, ...rows.slice(0, 2)])).to.match(
      /at least two variants, got relu/,
    );
    expect(await refusal([header, ...rows], { baseline: 'elu' })).to.match(
      /^--baseline: .*got elu/,
    );
    const mapping = { ...usualMapping, pointColumns: ['lr'] };
    expect(await refusal([header, ...rows], { mapping })).to.match(/:1: expected a column lr/);
    expect(await refusal(['variant,seed,val_acc,val_acc', ...rows])).to.match(/val_acc again/);
  });

  it('is verified by reading its source again, where that is unchanged', async () => {
    await withImport([header, ...rows], {}, async (runFolder, cwd) => {
      const here = await collectProvenance([]);
      const moved = { asked: [], cwd };
      const sound = await verifyRun(runFolder, here, moved);
      expect(sound.differences).to.deep.equal([]);
      expect(sound.checked).to.include({ 'results read again': 2 });
      expect(sound.notes.join()).to.include('cannot be verified');

      const path = join(runFolder, 'trials/0001/result.json');
      const result = await readFile(path, 'utf8');
      await writeFile(path, result.replace('0.955', '0.965'));
      const forged = await verifyRun(runFolder, here, moved);
      expect(forged.differences[0]).to.include({ file: 'trials/0001/result.json' });

      await writeFile(path, result);
      await writeFile(join(cwd, 'results.csv'), [header, ...rows, ''].join('\n').replace('1', '7'));
      const changed = await verifyRun(runFolder, here, moved);
      expect(changed.verified).to.equal(true);
      expect(changed.notes.join()).to.match(/results\.csv/);
    });
  });

  it('exports what it was made from', async () => {
    await withImport([header, ...rows], {}, async (runFolder, cwd) => {
      let text = '';
      for await (const piece of runCsv(runFolder)) text += piece;
      await writeFile(join(cwd, 'exported.csv'), text);
      const again = await importFrom(cwd, 'exported.csv', {
        mapping: { ...usualMapping, stepColumn: 'trial' },
      });
      await expectGolden(again.runFolder);
    });
  });

  it('is refused by what needs a run that was trained here, and says why', async () => {
    await withImport([header, ...rows], {}, async (runFolder) => {
      const error = await readManifest(runFolder).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(LockstepError).and.include({ code: 'usage' });
      expect((error as LockstepError).message).to.match(
        /imported from results\.csv: it has results/,
      );
    });
  });
});

describe('lockstep import', () => {
  it('makes a run that report, its gate, list and show take, and resume and tail refuse', async () => {
    await withTemporaryFolder(async (cwd) => {
      const seeds = [1, 2, 3, 4, 5, 6, 7];
      const lines = seeds.flatMap((seed) => [
        `relu,${seed},${0.9 + seed / 1000}`,
        `snn,${seed},${0.94 + seed / 900}`,
      ]);
      await writeFile(join(cwd, 'results.csv'), [header, ...lines, ''].join('\n'));
      const flags = ['--metric', 'val_acc', '--direction', 'higher'];
      const imported = await lockstep(cwd, 'import', 'results.csv', ...flags, '--json');
      expect(imported.code, imported.stderr).to.equal(0);
      const { run, baseline } = JSON.parse(imported.stdout) as {
        readonly run: { readonly folder: string };
        readonly baseline: string;
      };
      expect(baseline).to.equal('relu');
      const report = await lockstep(cwd, 'report', run.folder, '--gate', 'better');
      expect(report.code, report.stderr).to.equal(0);
      expect((await lockstep(cwd, 'list')).stdout).to.match(/done +7\/7/);
      expect((await lockstep(cwd, 'show')).stdout).to.include('snn - relu');
      const resumed = await lockstep(cwd, 'resume', run.folder);
      expect(resumed.code).to.equal(2);
      expect(resumed.stderr).to.match(/expected a run that was trained here/);
      expect((await lockstep(cwd, 'tail', run.folder)).code).to.equal(2);
      const undirected = await lockstep(cwd, 'import', 'results.csv', '--metric', 'val_acc');
      expect(undirected.code).to.equal(2);
      expect(undirected.stderr).to.include('--direction');
    });
  });
});
