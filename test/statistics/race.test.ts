import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { race } from '../../src/statistics/race.js';
import type { RaceRules, RaceValue } from '../../src/statistics/race.js';
import {
  fewGoodPoints,
  simulatedValues,
  typicalRaceTrials,
} from '../../src/statistics/race-simulation.js';

const file = join(import.meta.dirname, '../../../test/statistics/fixtures/sequential.golden.json');
const golden = (
  JSON.parse(readFileSync(file, 'utf8')) as {
    race: {
      values: number[][];
      alpha: number;
      perLook: {
        n: number;
        alive: number[];
        pooledSd: number;
        df: number;
        tCritical: number;
        bar: number;
        leader: number;
        dropped: number[];
      }[];
      survivors: number[];
    };
  }
).race;
const rules: RaceRules = { direction: 'higher', alpha: golden.alpha, seeds: 8 };

describe('race', () => {
  it("equals NumPy's and SciPy's numbers at every look", () => {
    const { looks, survivors, drops, round } = race(golden.values, rules);
    expect(looks).to.have.length(golden.perLook.length);
    for (const [at, expected] of golden.perLook.entries()) {
      const look = looks[at]!;
      expect(look.seeds).to.equal(expected.n);
      expect(look.points).to.deep.equal(expected.alive);
      expect(look.pooledSd).to.be.closeTo(expected.pooledSd, 1e-9);
      expect(look.df).to.equal(expected.df);
      expect(look.tCritical).to.be.closeTo(expected.tCritical, 1e-9);
      expect(look.bound).to.be.closeTo(expected.bar, 1e-9);
      expect(look.leader).to.equal(expected.leader);
      expect(look.dropped).to.deep.equal(expected.dropped);
    }
    expect(survivors).to.deep.equal(golden.survivors);
    expect(drops.map(({ point }) => point)).to.have.members([2, 3, 4, 5]);
    expect(round).to.equal(8);
  });

  it('is the same race upside down where lower is better', () => {
    const upsideDown = golden.values.map((row) => row.map((value) => -value));
    const { drops, survivors } = race(upsideDown, { ...rules, direction: 'lower' });
    const expected = race(golden.values, rules);
    expect(survivors).to.deep.equal(expected.survivors);
    expect(drops.map(({ point, seeds }) => [point, seeds])).to.deep.equal(
      expected.drops.map(({ point, seeds }) => [point, seeds]),
    );
  });

  it('drops a point without a value at once, before the first look, and counts it in the bound', () => {
    const lost = golden.values.map((row, point): RaceValue[] => (point === 3 ? [null] : row));
    const { drops, looks } = race(lost, rules);
    expect(drops[0]).to.deep.equal({ point: 3, seeds: 1 });
    expect(looks[0]!.points).to.deep.equal([0, 1, 2, 4, 5]);
    // Five rivals, as planned, and five points in the table.
    const others = golden.values.filter((_, point) => point !== 3);
    const { looks: fewer } = race(others, { ...rules, alpha: (golden.alpha * 4) / 5 });
    expect(looks[0]!.tCritical).to.be.closeTo(fewer[0]!.tCritical, 1e-12);
  });

  it('waits for the last value of a seed, whatever is known of later ones', () => {
    const open = golden.values.map((row, point): RaceValue[] =>
      point === 1 ? [...row.slice(0, 2), undefined, ...row.slice(3)] : row,
    );
    const { looks, round } = race(open, rules);
    expect(looks).to.deep.equal(race(golden.values, rules).looks.slice(0, 1));
    expect(round).to.equal(2);
  });

  it('drops nothing where no residual tells how far seeds spread', () => {
    const shifted = [0, -0.01, -0.02].map((gap) => [0.91, 0.84, 0.88].map((value) => value + gap));
    const { looks, survivors } = race(shifted, { ...rules, seeds: 3 });
    expect(looks).to.have.length(1);
    expect(looks[0]).to.include({ pooledSd: 0, bound: 0 });
    expect(survivors).to.deep.equal([0, 1, 2]);
  });

  it('is over when all points are lost, and looks no more when one is left', () => {
    expect(race([[null], [0.5, null]], rules)).to.deep.include({ survivors: [], round: 8 });
    const alone = race([[null], golden.values[0]!], rules);
    expect(alone).to.deep.include({ looks: [], survivors: [1], round: 8 });
  });

  it('never drops a leader, and takes no seed of all points alike into account', () => {
    const values = fc.integer({ min: 2, max: 6 }).chain((points) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 512 }), { minLength: 5, maxLength: 5 }), {
        minLength: points,
        maxLength: points,
      }),
    );
    const luck = fc.array(fc.integer({ min: 0, max: 512 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(values, luck, (counts, ofSeeds) => {
        const own = race(counts, { ...rules, seeds: 5 });
        for (const { leader, dropped } of own.looks) expect(dropped).not.to.include(leader);
        const moved = counts.map((row) => row.map((value, seed) => value + ofSeeds[seed]!));
        const other = race(moved, { ...rules, seeds: 5 });
        expect(other.drops.map(({ point, seeds }) => [point, seeds])).to.deep.equal(
          own.drops.map(({ point, seeds }) => [point, seeds]),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('a simulated race', () => {
  it('takes 0.37 of all trials and keeps the best where few of 20 points are good', () => {
    expect(typicalRaceTrials(20, { alpha: 0.05, seeds: 10 }) / 200).to.be.closeTo(0.37, 0.02);
    const gaps = fewGoodPoints(20);
    const kept = Array.from({ length: 100 }, (_, replicate) =>
      race(simulatedValues(gaps, { seeds: 10, seed: 7, replicate }), {
        ...rules,
        seeds: 10,
      }).survivors.includes(0),
    );
    expect(kept.filter((isKept) => !isKept)).to.have.length(0);
  });
});
