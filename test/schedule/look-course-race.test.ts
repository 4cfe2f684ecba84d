import { expect } from 'chai';
import { ignoreElements, lastValueFrom, tap, timer } from 'rxjs';
import type { Manifest, Trial } from '../../src/run/manifest.js';
import { raceOf } from '../../src/run/race.js';
import { readTrainedRun } from '../../src/run/read-run.js';
import { followLooks } from '../../src/run/looks.js';
import { lookCourse } from '../../src/schedule/look-course.js';
import { runTrials } from '../../src/schedule/run-trials.js';
import { racedRun, racedSeeds } from '../support/raced-run.js';
import { noise, writeSyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

interface Launched {
  readonly launched: readonly Trial[];
  readonly drops: readonly [point: number, seeds: number, isNew: boolean][];
}

/**
 * Takes the course through a run whose results are all on disk, which it sees as its trials settle.
 * @param most trials to settle, after which the run is stopped
 */
async function take(
  manifest: Manifest,
  runFolder: string,
  {
    slots,
    trials = manifest.trials,
    most = Infinity,
  }: { slots: number; trials?: readonly Trial[]; most?: number },
): Promise<Launched> {
  const drops: [number, number, boolean][] = [];
  const course = await lookCourse({
    ...{ manifest, runFolder, trials, follow: followLooks(manifest)! },
    onLook({ of }, isNew) {
      if (!('race' in of)) return;
      for (const { point, seeds } of of.race.drops.slice(drops.length)) {
        drops.push([point, seeds, isNew]);
      }
    },
  });
  const launched: Trial[] = [];
  const stop = new AbortController();
  let settled = 0;
  const events = runTrials({
    ...{ course, retries: 0, stallTimeout: 0, stop: stop.signal },
    executor: {
      slots,
      launch(trial) {
        launched.push(trial);
        // In no order.
        return timer(3 + 3 * noise(trial.index)).pipe(ignoreElements());
      },
      dispose: () => undefined,
    },
  });
  const count = tap(({ kind }: { kind: string }) => {
    if (kind === 'settled' && (settled += 1) >= most) stop.abort();
  });
  await lastValueFrom(events.pipe(count), { defaultValue: undefined });
  return { launched, drops };
}

const expectedDrops = [
  [4, 2],
  [2, 2],
  [3, 2],
];

describe('the course of a race', () => {
  it('runs seed after seed of the points that are left, on any number of slots', async () => {
    await withTemporaryFolder(async (folder) => {
      const run = await writeSyntheticRun(folder, racedRun());
      const { manifest, trials } = await readTrainedRun(run);
      const { spared } = raceOf(manifest, (index) => trials[index])!;
      for (const slots of [1, 2, 7]) {
        const { launched, drops } = await take(manifest, run, { slots });
        const seeds = launched.map(({ seed }) => seed);
        expect(seeds).to.deep.equal(seeds.toSorted((a, b) => a - b));
        const due = manifest.trials.filter(({ index }) => !spared.has(index));
        expect(launched.map(({ index }) => index)).to.have.members(due.map(({ index }) => index));
        expect(drops.map(([point, after]) => [point, after])).to.have.deep.members(expectedDrops);
      }
    });
  });

  it('takes the same course when it is stopped and taken up again, wherever that is', async () => {
    await withTemporaryFolder(async (folder) => {
      const run = await writeSyntheticRun(folder, racedRun());
      const { manifest } = await readTrainedRun(run);
      const whole = await take(manifest, run, { slots: 2 });
      for (const most of [1, 4, 9, 11, 14]) {
        const first = await take(manifest, run, { slots: 2, most });
        const begun = new Set(first.launched);
        const trials = manifest.trials.filter((trial) => !begun.has(trial));
        const rest = await take(manifest, run, { slots: 2, trials });
        expect([...first.launched, ...rest.launched]).to.have.members(whole.launched);
        expect(rest.drops.map(([point, after]) => [point, after])).to.have.deep.members(
          expectedDrops,
        );
        const known = first.drops.length;
        expect(rest.drops.filter(([, , isNew]) => !isNew)).to.have.length(known);
      }
    });
  });

  it('ends where a trial was lost, as no look can be taken without it', async () => {
    await withTemporaryFolder(async (folder) => {
      const isThere = ({ index }: Trial) => index !== 1;
      const run = await writeSyntheticRun(folder, racedRun(isThere));
      const { manifest } = await readTrainedRun(run);
      const lost = manifest.trials[1]!;
      const { launched, drops } = await take(manifest, run, { slots: 2 });
      expect(launched.map(({ seed }) => seed)).to.satisfy((seeds: number[]) =>
        seeds.every((seed) => seed <= lost.seed),
      );
      expect(drops).to.deep.equal(lost.seed === 2 ? [[4, 2, true]] : []);
    });
  });

  it('runs seeds that were added at the survivors only, after the race', async () => {
    await withTemporaryFolder(async (folder) => {
      const extension = { time: '2026-01-02T00:00:00.000Z', seeds: [7, 8], hadResults: true };
      const run = await writeSyntheticRun(folder, { ...racedRun(), extension });
      const { manifest } = await readTrainedRun(run);
      const { launched } = await take(manifest, run, { slots: 2 });
      const added = launched.filter(({ seed }) => !racedSeeds.includes(seed));
      expect(launched.slice(-4)).to.have.members(added);
      expect(added.map(({ seed }) => seed)).to.deep.equal([7, 7, 8, 8]);
    });
  });
});
