import { expect } from 'chai';
import { readManifest } from '../../src/run/run-directory.js';
import { followLooks } from '../../src/run/looks.js';
import type { Look } from '../../src/run/looks.js';
import { lookCourse } from '../../src/schedule/look-course.js';
import { writeSequentialRun } from '../support/sequential-run.js';
import type { SequentialRunOptions } from '../support/sequential-run.js';
import { noise } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const clear = (seed: number) => 0.04 + 0.01 * noise(seed, 5);

/** Runs a course whose trials end in an order that `pick` chooses among those that run. */
async function courseOf(
  options: SequentialRunOptions,
  {
    slots = 1,
    pick = () => 0,
    done = 0,
  }: { slots?: number; pick?: (running: number) => number; done?: number },
) {
  return withTemporaryFolder(async (folder) => {
    const runFolder = await writeSequentialRun(folder, options);
    const manifest = await readManifest(runFolder);
    const looks: number[][] = [];
    const onLook = ({ of }: Look) => {
      if ('sequence' in of) looks.push(of.sequence.paths[0]!.path.looks.map(({ n }) => n));
    };
    const trials = manifest.trials.slice(done);
    const follow = followLooks(manifest)!;
    const course = await lookCourse({ manifest, runFolder, trials, follow, onLook });
    const launched: number[] = [];
    const running: (typeof trials)[number][] = [];
    for (;;) {
      while (running.length < slots) {
        const next = course.next();
        if (next === undefined || next === 'wait') break;
        launched.push(next.seed);
        running.push(next);
      }
      if (running.length === 0) return { launched, looks: looks.at(-1)! };
      const [ended] = running.splice(pick(running.length) % running.length, 1);
      await course.settled(ended!);
    }
  });
}

describe('the course of a run that is decided in sequence', () => {
  it('launches seed after seed until a look decides', async () => {
    const { launched, looks } = await courseOf({ difference: clear }, {});
    expect(launched).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    expect(looks).to.deep.equal([7]);
  });

  it('takes the same looks with several slots, whatever order trials end in', async () => {
    for (let order = 0; order < 8; order++) {
      let turn = 0;
      const pick = () => Math.floor(100 * (noise(order, turn++) + 1));
      const { launched, looks } = await courseOf({ difference: clear }, { slots: 3, pick });
      expect(looks, `order ${order}`).to.deep.equal([7]);
      expect(launched.slice(0, 7)).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    }
  });

  it('goes on from what is on disk as if it had never stopped', async () => {
    for (let done = 0; done <= 7; done++) {
      const { launched, looks } = await courseOf({ difference: clear }, { done });
      expect(launched).to.deep.equal([1, 2, 3, 4, 5, 6, 7].slice(done));
      expect(looks).to.deep.equal([7]);
    }
  });

  it('runs all seeds of the cap where none decides', async () => {
    const flat = (seed: number) => (seed % 2 ? 0.02 : -0.02);
    const { launched, looks } = await courseOf({ difference: flat }, {});
    expect(launched).to.have.length(10);
    expect(looks).to.deep.equal([7, 8, 9, 10]);
  });

  it('ends after a trial that was lost: no look can follow', async () => {
    const { launched } = await courseOf(
      {
        difference: clear,
        more: (seed) => (seed === 3 ? { outcome: 'interrupted', test: [] } : {}),
      },
      {},
    );
    expect(launched).to.deep.equal([1, 2, 3]);
  });
});
