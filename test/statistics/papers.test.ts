import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { bayesianDraws, bayesianSignedRank } from '../../src/statistics/bayesian-signed-rank.js';
import * as distributions from '../../src/statistics/distributions.js';
import { outperforms } from '../../src/statistics/outperforms.js';
import { rankDataSets } from '../../src/statistics/rank-data-sets.js';
import {
  studentizedRangeTail,
  studentizedRangeUpperQuantile,
} from '../../src/statistics/studentized-range.js';

function fixture(name: string): unknown {
  const folder = process.env.LOCKSTEP_STATISTICS_GOLDENS ?? 'test/statistics/fixtures';
  return JSON.parse(readFileSync(join(folder, `${name}.golden.json`), 'utf8'));
}

const golden = fixture('papers') as {
  bayesianSignedRank: {
    differences: number[];
    rope: number;
    probabilities: [number, number, number];
  }[];
  friedmanWithTies: { values: number[][]; chiSquared: number };
} & Record<Name, number[][]>;
const sequential = fixture('sequential') as {
  outperforms: {
    wins: number;
    ties: number;
    losses: number;
    p: number;
    low: number;
    high: number;
  }[];
  datasets: Record<'friedman' | 'p' | 'imanDavenport' | 'pImanDavenport' | 'nemenyiCd', number> & {
    values: number[][];
    averageRanks: number[];
    holmAgainstBaseline: number[];
  };
};

/** Everything computable, or the reason why it is not as the failure. */
function value<T extends { readonly computable: boolean }>(result: T) {
  expect(result).to.include({ computable: true });
  return result as Extract<T, { computable: true }>;
}

function near(actual: number, wanted: number, relative = 1e-9): void {
  expect(actual).to.be.closeTo(wanted, relative * Math.abs(wanted) + 1e-15);
}

const functions = {
  studentizedRangeUpperQuantile,
  studentizedRangeTail,
  betaUpperQuantile: distributions.betaUpperQuantile,
  betaLowerQuantile: distributions.betaLowerQuantile,
  fUpperTail: distributions.fUpperTail,
  fUpperQuantile: distributions.fUpperQuantile,
  chiSquaredUpperTail: distributions.chiSquaredUpperTail,
};
type Name = keyof typeof functions;

describe('distributions against SciPy', () => {
  for (const [name, compute] of Object.entries(functions) as [
    Name,
    (...args: number[]) => number,
  ][]) {
    it(`${name} agrees to 1e-9`, () => {
      expect(golden[name].length).to.be.above(14);
      for (const row of golden[name]) near(compute(...row.slice(0, -1)), row.at(-1)!);
    });
  }
});

describe('outperforms', () => {
  it('agrees with SciPy on the exact interval to 1e-9', () => {
    for (const { wins, ties, losses, p, low, high } of sequential.outperforms) {
      const result = value(outperforms({ wins, ties, losses }, 0.95));
      near(result.p, p);
      near(result.interval.low, low);
      near(result.interval.high, high);
    }
  });

  it('says whether the challenger wins more often, and often enough', () => {
    const says = (wins: number, losses: number) =>
      value(outperforms({ wins, ties: 0, losses }, 0.95)).says;
    expect(says(10, 0)).to.equal('meaningful');
    expect(says(120, 80)).to.equal('small');
    expect(says(5, 5)).to.equal('undecided');
    expect(says(0, 10)).to.equal('inferior');
  });

  it('is not computable without pairs', () => {
    expect(outperforms({ wins: 0, ties: 0, losses: 0 }, 0.95).computable).to.equal(false);
  });
});

describe('rankDataSets', () => {
  const { datasets } = sequential;
  const options = { direction: 'higher', baseline: 0, alpha: 0.05 } as const;

  it('agrees with SciPy to 1e-9', () => {
    const ranked = rankDataSets(datasets.values, options);
    ranked.meanRanks.forEach((rank, j) => {
      near(rank, datasets.averageRanks[j]!);
    });
    near(value(ranked.friedman).chiSquared, datasets.friedman);
    near(value(ranked.friedman).p, datasets.p);
    near(value(ranked.imanDavenport).f, datasets.imanDavenport);
    near(value(ranked.imanDavenport).p, datasets.pImanDavenport);
    near(ranked.criticalDifference, datasets.nemenyiCd);
    ranked.againstBaseline.forEach(({ pHolm }, i) => {
      near(pHolm, datasets.holmAgainstBaseline[i]!);
    });
  });

  it('corrects for ties as SciPy does', () => {
    const { values, chiSquared } = golden.friedmanWithTies;
    near(value(rankDataSets(values, options).friedman).chiSquared, chiSquared);
  });

  it('groups the variants whose mean ranks lie within the critical difference', () => {
    const { groups } = rankDataSets(datasets.values, options);
    expect(groups).to.deep.equal([
      [1, 2, 0],
      [0, 3],
    ]);
  });

  it('ranks the same whichever way the metric is good', () => {
    const lower = datasets.values.map((row) => row.map((accuracy) => 1 - accuracy));
    const { meanRanks } = rankDataSets(lower, { ...options, direction: 'lower' });
    expect(meanRanks).to.deep.equal(datasets.averageRanks);
  });

  it('has no F where all data sets agree, and no chi-squared where all variants tie', () => {
    const agreed = rankDataSets(
      [
        [1, 2],
        [3, 4],
      ],
      options,
    );
    expect(value(agreed.friedman).chiSquared).to.equal(2);
    expect(agreed.imanDavenport).to.include({ computable: false });
    const tied = rankDataSets(
      [
        [1, 1],
        [3, 3],
      ],
      options,
    );
    expect(tied.friedman).to.include({ computable: false });
    expect(tied.againstBaseline[0]!.p).to.equal(1);
  });
});

describe('bayesianSignedRank', () => {
  it('agrees with an independent implementation within Monte-Carlo error', () => {
    for (const { differences, rope, probabilities } of golden.bayesianSignedRank) {
      const result = value(bayesianSignedRank(differences, { rope, direction: 'higher' }));
      [result.worse, result.equivalent, result.better].forEach((p, i) => {
        const expected = probabilities[i]!;
        const standardError = Math.sqrt((expected * (1 - expected)) / bayesianDraws);
        expect(p, `rope ${rope}, ${differences.length} pairs`).to.be.closeTo(
          expected,
          4.5 * standardError + 1e-4,
        );
      });
    }
  });

  it('gives the same probabilities every time, and the opposite ones where lower is better', () => {
    const differences = [0.012, -0.004, 0.021, 0.003, 0.009];
    const higher = value(bayesianSignedRank(differences, { rope: 0.002, direction: 'higher' }));
    const lower = value(bayesianSignedRank(differences, { rope: 0.002, direction: 'lower' }));
    expect(bayesianSignedRank(differences, { rope: 0.002, direction: 'higher' })).to.deep.equal(
      higher,
    );
    expect([lower.worse, lower.equivalent, lower.better]).to.deep.equal([
      higher.better,
      higher.equivalent,
      higher.worse,
    ]);
  });

  it('depends on no unit, and its probabilities add up to 1', () => {
    const pairs = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(pairs, fc.nat(5), fc.integer({ min: -300, max: 300 }), (ds, rope, exponent) => {
        const unit = 2 ** exponent;
        const options = { rope, direction: 'higher' } as const;
        const { worse, equivalent, better } = value(bayesianSignedRank(ds, options));
        expect(worse + equivalent + better).to.be.closeTo(1, 1e-9);
        const scaled = value(
          bayesianSignedRank(
            ds.map((d) => d * unit),
            { ...options, rope: rope * unit },
          ),
        );
        expect(scaled).to.include({ worse, equivalent, better });
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  it('is not computable with fewer than 2 pairs', () => {
    expect(bayesianSignedRank([1], { rope: 0, direction: 'higher' })).to.include({
      computable: false,
    });
  });
});
