import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { dryRunJsonSchema } from '../../src/app/dry-run.js';
import type { FinishedRun } from '../../src/app/execute-run.js';
import { outcomeJsonSchema, outcomeOf } from '../../src/app/outcome.js';
import type { Outcome } from '../../src/app/outcome.js';
import { shippedFolder } from '../../src/config/files.js';
import { LockstepError } from '../../src/protocol/index.js';
import { readTrainedRun } from '../../src/run/read-run.js';
import { gainfulTrial, writeSyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const validate = new Ajv2020().compile(outcomeJsonSchema());

/** The outcome of a run of three seeds, of which the last `missing` have not begun. */
async function outcome(
  missing: number,
  rest: Partial<FinishedRun> = {},
  trial: ReturnType<typeof gainfulTrial> = gainfulTrial(0.05),
): Promise<Outcome> {
  return withTemporaryFolder(async (cwd) => {
    const runFolder = await writeSyntheticRun(cwd, {
      seeds: [1, 2, 3],
      trial: (planned, variants) =>
        planned.index >= 3 - missing ? undefined : trial(planned, variants),
    });
    const run = await readTrainedRun(runFolder);
    const { manifest } = run;
    const usual = { failures: [], interrupted: false, left: [], figure: {}, troubles: [] };
    const document = outcomeOf({ manifest, runFolder, run, ...usual, ...rest }, cwd);
    expect(validate(document), JSON.stringify(validate.errors)).to.equal(true);
    return document;
  });
}

describe('the outcome of a run', () => {
  it('has own values and differences of every metric, with how many there are', async () => {
    const { outcome: whole, run, points, trials, files } = await outcome(0);
    expect(whole).to.equal('completed');
    expect(run.trials).to.deep.equal({
      ...{ planned: 3, completed: 3, diverged: 0, failed: 0, interrupted: 0, left: 0 },
    });
    const { variants, delta } = points[0]!.metrics['test.accuracy']!;
    const [relu, snn] = [variants.relu!, variants.snn!];
    expect([relu.n, snn.n, delta.snn!.n, delta.snn!.wins]).to.deep.equal([3, 3, 3, 3]);
    expect(delta.snn!.mean).to.be.closeTo(snn.mean! - relu.mean!, 1e-12);
    expect(trials.map(({ seed, outcome: own }) => [seed, own])).to.deep.equal([
      [1, 'completed'],
      [2, 'completed'],
      [3, 'completed'],
    ]);
    expect(files.logs).to.have.length(3);
    expect(files.logs[0]).to.match(/trials\/0000\/log\.ndjson$/);
  });

  it('counts values as equal that differ only in binary', async () => {
    const { points } = await outcome(0, {}, ({ index, seed }) => ({
      ...{ trial: index, seed, steps: 2 },
      loss: (variant) => (variant === 1 ? 0.1 + 0.2 : 0.3),
    }));
    const { delta } = points[0]!.metrics['minibatch.loss']!;
    expect(delta.snn).to.deep.equal({ n: 3, mean: 0, sd: 0, wins: 0, ties: 3, losses: 0 });
  });

  it('says of each variant when early stopping ended its training', async () => {
    const { points } = await outcome(0, {}, ({ index, seed }) => ({
      ...{ trial: index, seed, steps: 9 },
      stops: { relu: { step: 9, bestStep: 9 }, snn: { step: 4 + seed, bestStep: 3 } },
    }));
    expect(points[0]!.earlyStopping).to.deep.equal({
      relu: {
        ...{ stoppedEarly: 0, usedAllSteps: 3, lastStep: null },
        bestStep: { median: 9, min: 9, max: 9 },
      },
      snn: {
        ...{ stoppedEarly: 3, usedAllSteps: 0 },
        lastStep: { median: 6, min: 5, max: 7 },
        bestStep: { median: 3, min: 3, max: 3 },
      },
    });
    expect(JSON.stringify(await outcome(0))).not.to.include('earlyStopping');
  });

  it('is partial, interrupted or failed while trials are missing', async () => {
    const partial = await outcome(1);
    expect(partial.outcome).to.equal('partial');
    expect(partial.run.trials).to.include({ completed: 2, left: 1 });
    expect((await outcome(1, { interrupted: true })).outcome).to.equal('interrupted');
    const error = new LockstepError('worker', 'its process died');
    const failed = await outcome(1, { interrupted: true, failures: [{ trial: 2, error }] });
    expect(failed.outcome).to.equal('failed');
    expect(failed.trials[2]).to.include({ outcome: 'failed', reason: 'its process died' });
    const none = await outcome(3);
    expect(none.points[0]!.metrics['test.loss']!.delta.snn).to.deep.equal({
      ...{ n: 0, mean: null, sd: null, wins: 0, ties: 0, losses: 0 },
    });
  });
});

describe('the published schemas', () => {
  const schemas = { outcome: outcomeJsonSchema(), 'dry-run': dryRunJsonSchema() };
  for (const [name, schema] of Object.entries(schemas)) {
    it(`are what --json follows: ${name}`, async () => {
      const text = await readFile(join(shippedFolder, `../docs/${name}.schema.json`), 'utf8');
      expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(schema)));
    });
  }
});
