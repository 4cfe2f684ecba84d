import { expect } from 'chai';
import { followRun } from '../../../src/live/follow/follow-run.js';
import { raceOf } from '../../../src/run/race.js';
import { readRun } from '../../../src/run/read-run.js';
import { racedRun } from '../../support/raced-run.js';
import { writeSyntheticRun } from '../../support/synthetic-run.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

describe('following a race', () => {
  it('tells of each drop once, and ends with the race although trials never begin', async () => {
    await withTemporaryFolder(async (folder) => {
      const whole = await readRun(await writeSyntheticRun(folder, racedRun()));
      const { spared } = raceOf(whole.manifest, (index) => whole.trials[index])!;
      await withTemporaryFolder(async (other) => {
        const run = await writeSyntheticRun(
          other,
          racedRun(({ index }) => !spared.has(index)),
        );
        const drops: number[][] = [];
        const followed = followRun(run, {
          onLook({ of }) {
            if (!('race' in of)) return;
            const fresh = of.race.drops.slice(drops.length);
            drops.push(...fresh.map(({ point, seeds }) => [point, seeds]));
          },
          where: ({ event }) => event === 'trial.end',
        });
        let [ends, next] = [0, await followed.next()];
        for (; next.done !== true; next = await followed.next()) ends += 1;
        expect(ends).to.equal(18);
        expect(drops).to.deep.equal([
          [4, 2],
          [2, 2],
          [3, 2],
        ]);
        const standings = next.value;
        expect(standings.filter((standing) => standing === 'dropped')).to.have.length(spared.size);
        expect(standings).not.to.include('planned');
      });
    });
  });
});
