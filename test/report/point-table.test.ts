import { join } from 'node:path';
import { expect } from 'chai';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { pointsCsv, writePointsParquet } from '../../src/export/point-export.js';
import { pointTableJson, renderPointTable } from '../../src/report/point-table-text.js';
import { pointTable } from '../../src/report/point-table.js';
import type { PointTable } from '../../src/report/point-table.js';
import { readRun } from '../../src/run/read-run.js';
import { writeSyntheticRun } from '../support/synthetic-run.js';
import type { SyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

/** Accuracies by variant and seed, on 4 test images; diverged where null. */
function tableOf(
  accuracies: readonly (readonly [number, number | null])[],
  options: Partial<SyntheticRun> = {},
): Promise<PointTable> {
  return withTemporaryFolder(async (out) => {
    const folder = await writeSyntheticRun(out, {
      seeds: accuracies.map((_, i) => i + 1),
      trial: ({ index, seed }) => {
        const [relu, snn] = accuracies[seed - 1]!;
        const diverged = snn === null;
        return {
          ...{ trial: index, seed, steps: 2, test: [relu, snn ?? 'NaN'] },
          ...(diverged && {
            loss: (variant: number) => (variant === 1 ? 'NaN' : 1),
            outcome: 'diverged' as const,
          }),
        };
      },
      ...options,
    });
    return pointTable(await readRun(folder));
  });
}

const lines = (table: PointTable) => renderPointTable(table, { columns: 200, dim: (text) => text });

describe('pointTable', () => {
  it('has the values of each variant and their difference', async () => {
    const table = await tableOf([
      [0.5, 0.75],
      [0.25, 1],
    ]);
    const [row] = table.points;
    expect(row?.variants.relu).to.deep.include({ n: 2, mean: 0.375 });
    expect(row?.variants.snn).to.deep.include({ n: 2, mean: 0.875 });
    expect(row?.delta.snn).to.deep.include({ n: 2, mean: 0.5 });
    expect(table.best).to.deep.equal({ index: 0, challenger: 'snn' });
    const text = lines(table);
    expect(text[1]).to.match(/^ +trials +relu +snn +snn - relu +sd +n/);
    expect(text[2]).to.match(/^all trials +2\/2 +0\.37500 +0\.87500 +\+0\.50000 +0\.35355 +2$/);
  });

  it('calls nobody ahead who is behind or level', async () => {
    for (const snn of [0.25, 0.5]) {
      const table = await tableOf([[0.5, snn]]);
      expect(table.best).to.equal(undefined);
      expect(lines(table).at(-1)).to.equal('No variant is ahead of relu');
    }
  });

  it('counts no value of a trial that a divergence stopped', async () => {
    const table = await tableOf([
      [0.5, 0.75],
      [0.25, null],
    ]);
    const [row] = table.points;
    expect(row).to.deep.include({ completed: 1, failures: { diverged: 1 } });
    expect(row?.variants.relu).to.include({ n: 1 });
    expect(row?.delta.snn).to.include({ n: 1 });
    expect(lines(table)[2]).to.match(/1 trial diverged$/);
  });

  it('is CSV with a line a point and variant', async () => {
    const points = [0.1, 0.2].map((rate) => ({ 'training.optimizer.learningRate': rate }));
    const csv = pointsCsv(await tableOf([[0.5, 0.75]], { points }));
    expect(csv.split('\n').slice(0, 3)).to.deep.equal([
      'training.optimizer.learningRate,planned,completed,metric,variant,n,mean,sd,baseline,pairs,delta,deltaSd',
      '0.1,1,1,test.accuracy,relu,1,0.5,,relu,,,',
      '0.1,1,1,test.accuracy,snn,1,0.75,,relu,1,0.25,',
    ]);
  });

  it('says where early stopping ended the training of each variant, in all forms', async () => {
    const points = [
      { 'training.earlyStopping.patience': 2 },
      { 'training.earlyStopping.patience': 9 },
    ];
    const accuracies = [1, 2, 3].map(() => [0.5, 0.75] as const);
    const table = await tableOf(accuracies, {
      points,
      trial: ({ index, seed, point }) => ({
        ...{ trial: index, seed, steps: 40, test: [0.5, 0.75] },
        stops: {
          relu: { step: 40, bestStep: 30 + seed },
          ...(point['training.earlyStopping.patience'] === 2 && {
            snn: seed === 3 ? { step: 40, bestStep: 40 } : { step: 10 + seed, bestStep: 5 },
          }),
        },
      }),
    });
    const [stopped, whole] = table.points;
    expect(stopped?.earlyStopping).to.deep.equal({
      relu: {
        ...{ stoppedEarly: 0, usedAllSteps: 3, lastStep: null },
        bestStep: { median: 32, min: 31, max: 33 },
      },
      snn: {
        ...{ stoppedEarly: 2, usedAllSteps: 1 },
        lastStep: { median: 11.5, min: 11, max: 12 },
        bestStep: { median: 5, min: 5, max: 40 },
      },
    });
    expect(whole?.earlyStopping?.snn).to.deep.equal({
      ...{ stoppedEarly: 0, usedAllSteps: 0, lastStep: null, bestStep: null },
    });
    expect(pointTableJson(table, 'id', 'folder').points[0]).to.have.property('earlyStopping');

    const [, head, first, second] = lines(table);
    expect(head?.replaceAll(/ {2,}/g, '|')).to.include(
      '|relu stopped early|relu best step|snn stopped early|snn best step',
    );
    expect(first?.replaceAll(/ {2,}/g, '|')).to.include(
      '|used all steps|32 (31 to 33)|2 of 3 at 11.5 (11 to 12)|5 (5 to 40)',
    );
    expect(second?.replaceAll(/ {2,}/g, '|')).to.match(/\|used all steps\|32 \(31 to 33\)\|–\|–$/);

    const csv = pointsCsv(table).split('\n');
    expect(csv[0]).to.match(
      /,deltaSd,stoppedEarly,usedAllSteps,lastStep,lastStepMin,lastStepMax,bestStep,bestStepMin,bestStepMax$/,
    );
    expect(csv[1]).to.match(/,0,3,,,,32,31,33$/);
    expect(csv[2]).to.match(/,2,1,11\.5,11,12,5,5,40$/);
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, 'points.parquet');
      await writePointsParquet(file, table);
      const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
      const { stoppedEarly, usedAllSteps, lastStep, lastStepMin, bestStepMax } = rows[1]!;
      expect(
        [stoppedEarly, usedAllSteps, lastStep, lastStepMin, bestStepMax].map(Number),
      ).to.deep.equal([2, 1, 11.5, 11, 40]);
      expect(rows[0]!.lastStep).to.equal(null);
    });
  });
});
