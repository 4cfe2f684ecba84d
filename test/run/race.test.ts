import { expect } from 'chai';
import { raceOf } from '../../src/run/race.js';
import { openTrials } from '../../src/run/spared-trials.js';
import { readTrainedRun } from '../../src/run/read-run.js';
import type { Run } from '../../src/run/read-run.js';
import { racedRun } from '../support/raced-run.js';
import { writeSyntheticRun } from '../support/synthetic-run.js';
import type { SyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const runOf = (options: SyntheticRun): Promise<Run> =>
  withTemporaryFolder(async (folder) => readTrainedRun(await writeSyntheticRun(folder, options)));
const raceOfRun = (run: Run) => raceOf(run.manifest, (index) => run.trials[index])!;
const dropsOf = (run: Run) => {
  const race = raceOfRun(run);
  return race.drops.map((drop) => [drop.point, drop.seeds, race.reasonOf(drop)]);
};

describe('the race of a run', () => {
  it('follows from results, whatever else has been run', async () => {
    const run = await runOf(racedRun());
    expect(dropsOf(run)).to.deep.equal([
      [4, 2, 'diverged'],
      [2, 2, 'behind'],
      [3, 2, 'behind'],
    ]);
    const { survivors, spared, round } = raceOfRun(run);
    expect({ survivors, round }).to.deep.equal({ survivors: [0, 1], round: 6 });
    expect(spared.size).to.equal(12);
    const fewer = await runOf(racedRun(({ index }) => !spared.has(index)));
    expect(dropsOf(fewer)).to.deep.equal(dropsOf(run));
    const dropped = fewer.trials.filter(({ state }) => state === 'dropped');
    expect(dropped.map(({ trial }) => trial.index)).to.have.members([...spared]);
    expect(openTrials(fewer, true)).to.deep.equal([]);
  });

  it('waits for a trial that has not ended, and drops nobody meanwhile', async () => {
    const run = await runOf(racedRun(({ index, seed }) => seed < 2 || (seed === 2 && index !== 1)));
    expect(dropsOf(run)).to.deep.equal([[4, 2, 'diverged']]);
    expect(raceOfRun(run).round).to.equal(1);
    const open = openTrials(run, false);
    // One trial of seed 2, and four more seeds of the four points that are left.
    expect(open).to.have.length(1 + 4 * 4);
  });

  it('drops a point whose trial failed, until it is run again', async () => {
    const run = await runOf(racedRun(undefined, { outcome: 'failed', reason: 'out of memory' }));
    expect(dropsOf(run)[0]).to.deep.equal([4, 2, 'failed']);
    expect(openTrials(run, false)).to.deep.equal([]);
    const again = openTrials(run, true);
    expect(again.map(({ seed }) => seed)).to.deep.equal([2]);
  });

  it('races the difference of the only challenger by default, by the metric of the decision', async () => {
    const { overrides, ...rest } = racedRun();
    const run = await runOf({
      ...rest,
      overrides: overrides!.map((text) => text.replace('of: {variant: snn}, ', '')),
    });
    const { plan, values } = raceOfRun(run);
    expect(plan).to.deep.include({ of: { challenger: 'snn' }, direction: 'higher', seeds: 6 });
    expect(plan.metric.name).to.equal('test.accuracy');
    const { result } = run.trials[0]!;
    const { relu, snn } = result!.variants;
    const [ours, theirs] = [snn, relu].map((own) => Number(own!.evaluations[0]!.scores.accuracy));
    expect(values[0]![0]).to.be.closeTo(ours! - theirs!, 1e-9);
  });
});
