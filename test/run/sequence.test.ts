import { expect } from 'chai';
import type { Run } from '../../src/run/read-run.js';
import { sequenceOf } from '../../src/run/sequence.js';
import { openTrials } from '../../src/run/spared-trials.js';
import { sequentialRun } from '../support/sequential-run.js';
import { noise } from '../support/synthetic-run.js';

const sequence = (run: Run) => sequenceOf(run.manifest, (index) => run.trials[index])!;
const clear = (seed: number) => 0.04 + 0.01 * noise(seed, 5);
const looksOf = (run: Run) => sequence(run).paths[0]!.path.looks.map(({ n }) => n);
const stopOf = (run: Run) => sequence(run).paths[0]!.path.stop;
const openOf = (run: Run, again = false) => openTrials(run, again).map(({ seed }) => seed);

describe('a run that is decided in sequence', () => {
  it('is over at the first look that decides, and spares the trials after it', async () => {
    const run = await sequentialRun({
      difference: (seed) => (seed <= 7 ? clear(seed) : undefined),
    });
    expect(looksOf(run)).to.deep.equal([7]);
    expect(stopOf(run)).to.deep.equal({ seeds: 7, decision: 'better' });
    expect(run.trials.slice(7).map(({ state }) => state)).to.deep.equal(Array(3).fill('dropped'));
    expect(openOf(run)).to.deep.equal([]);
  });

  it('looks at no seed before all seeds up to it have settled, whatever order they did', async () => {
    const without = (missing: number) =>
      sequentialRun({ difference: (seed) => (seed === missing ? undefined : clear(seed)) });
    const run = await without(3);
    expect(looksOf(run)).to.deep.equal([]);
    expect(sequence(run).settled).to.equal(2);
    expect(openOf(run)).to.deep.equal([3]);
    expect(looksOf(await without(8))).to.deep.equal([7]);
  });

  it('leaves out what was run ahead of the verdict', async () => {
    const all = await sequentialRun({ difference: clear });
    expect(stopOf(all)).to.deep.equal({ seeds: 7, decision: 'better' });
    expect(all.trials.map(({ state }) => state)).to.deep.equal(Array(10).fill('completed'));
  });

  it('counts a failed trial as a missing pair, and waits for one that was interrupted', async () => {
    const ended = (outcome: 'failed' | 'interrupted') =>
      sequentialRun({
        difference: (seed) => (seed <= 8 ? clear(seed) : undefined),
        more: (seed) => (seed === 2 ? { outcome, test: [] } : {}),
      });
    const failed = await ended('failed');
    expect(looksOf(failed)).to.deep.equal([7]);
    expect(stopOf(failed)).to.deep.equal({ seeds: 8, decision: 'better' });
    // The verdict stands: nothing is run again.
    expect(openOf(failed, true)).to.deep.equal([]);
    expect(looksOf(await ended('interrupted'))).to.deep.equal([]);
  });

  it('does not stop in favour of a side that diverged, and looks once more at its end', async () => {
    const run = await sequentialRun({
      difference: clear,
      more: (seed) =>
        seed === 2
          ? { outcome: 'diverged', reason: 'NaN', loss: (variant) => (variant === 1 ? 'NaN' : 1) }
          : {},
    });
    expect(stopOf(run)).to.equal(undefined);
    expect(looksOf(run)).to.deep.equal([7, 8, 9]);
    expect(sequence(run).decided).to.equal(false);
  });

  it('divides alpha among challengers and goes on until all have stopped', async () => {
    const run = await sequentialRun({
      cap: 12,
      overrides: ['variants.other={label: Other, activation: relu, init: he}'],
      difference: (seed) => clear(seed),
      more: (seed) => ({ test: [0.8, 0.8 + clear(seed), 0.8 + (seed % 2 ? 0.01 : -0.01)] }),
    });
    const { plan, paths, decided } = sequence(run);
    expect(plan.rules.alpha).to.equal(0.025);
    expect(paths[0]!.path.stop).to.deep.equal({ seeds: 8, decision: 'better' });
    expect(paths[1]!.path.stop).to.equal(undefined);
    expect(decided).to.equal(false);
  });

  it('has no plan any more once seeds were added to a cap, but evidence may be added to', async () => {
    const time = '2026-01-01T00:00:00.000Z';
    const extension = { time, seeds: [11, 12], hadResults: true };
    const options = {
      difference: (seed: number) => (seed <= 7 ? clear(seed) : undefined),
      extension,
    };
    const capped = await sequentialRun(options);
    expect(sequenceOf(capped.manifest, () => undefined)).to.equal(undefined);
    expect(openOf(capped)).to.deep.equal([8, 9, 10, 11, 12]);
    const open = await sequentialRun({ ...options, openEnded: true });
    expect(sequence(open).plan.rules).to.include({ method: 'evidence', cap: 12 });
  });

  it('stops by evidence as soon as it is enough', async () => {
    const run = await sequentialRun({ difference: clear, openEnded: true });
    const { looks, stop } = sequence(run).paths[0]!.path;
    expect(stop).to.deep.equal({ seeds: 7, decision: 'better' });
    expect(looks.map(({ logE }) => logE! >= Math.log(20))).to.deep.equal([
      ...Array<boolean>(6).fill(false),
      true,
    ]);
  });
});
