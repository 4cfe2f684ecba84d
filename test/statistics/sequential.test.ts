import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { evidenceInterval, logEvidence } from '../../src/statistics/e-process.js';
import { gaussLegendre } from '../../src/statistics/gauss-legendre.js';
import { selectLargest } from '../../src/statistics/select-largest.js';
import { firstLook, plannedLooks } from '../../src/statistics/sequential-plan.js';
import type { SequentialPlan } from '../../src/statistics/sequential-plan.js';
import { sequentialTest } from '../../src/statistics/sequential-test.js';
import type { SequentialLook } from '../../src/statistics/sequential-test.js';
import { signFlipTest } from '../../src/statistics/sign-tests.js';
import { zRecursion } from '../../src/statistics/z-bounds.js';

type Ends = [number, number] | null;
interface Row {
  n: number;
  spent: number;
  mean: number;
  t: number | null;
  tCritical: number;
  flipP: number;
  differs: boolean;
  interval: Ends;
  tCriticalOneSided?: number;
  flipPAboveLower?: number;
  flipPBelowUpper?: number;
  aboveLower?: boolean;
  belowUpper?: boolean;
  equivalenceInterval?: Ends;
}
interface Golden {
  zBounds: { looks: number[]; spent: number[]; sides: 1 | 2; z: number[] }[];
  firstLook: Record<string, number>;
  sequential: {
    name: string;
    differences: number[];
    cap: number;
    alpha: number;
    margin: number;
    looks: number[];
    perLook: Row[];
    decision: string;
    stoppedAt: number;
  }[];
  eProcess: {
    name: string;
    differences: number[];
    alpha: number;
    perPair: { n: number; logE: number; interval: Ends }[];
    stopsAt: number | null;
  }[];
}

/** Values that NumPy and SciPy computed: `scripts/goldens/sequential.py`. */
const golden = JSON.parse(
  readFileSync('test/statistics/fixtures/sequential.golden.json', 'utf8'),
) as Golden;

/** Expects 1e-9, relative to the larger of the number and 0.001. */
function expectClose(actual: number | null | undefined, expected: number | null, what: string) {
  if (expected === null || actual == null) expect(actual, what).to.equal(expected);
  else expect(actual, what).to.be.closeTo(expected, 1e-9 * Math.max(1e-3, Math.abs(expected)));
}

function expectEnds(
  actual: { readonly low: number; readonly high: number } | null | undefined,
  expected: Ends,
  what: string,
) {
  expectClose(actual?.low ?? null, expected?.[0] ?? null, `${what}, low`);
  expectClose(actual?.high ?? null, expected?.[1] ?? null, `${what}, high`);
}

/** All looks at some differences, those after the first claim too. */
function looksAt(differences: readonly number[], plan: SequentialPlan): SequentialLook[] {
  const look = sequentialTest(plan);
  return plannedLooks(plan)
    .filter((n) => n <= differences.length)
    .map((n) => look(differences.slice(0, n)));
}

describe('the sequential test', () => {
  for (const {
    name,
    differences,
    cap,
    alpha,
    margin,
    looks,
    perLook,
    ...end
  } of golden.sequential) {
    it(`equals the reference at every look: ${name}`, () => {
      const every = looks[1]! - looks[0]!;
      const plan = { cap, every, alpha, margin };
      expect(plannedLooks(plan)).to.deep.equal(looks);
      const taken = looksAt(differences, plan);
      perLook.forEach((row, k) => {
        const look = taken[k]!;
        const what = `${row.n} pairs`;
        for (const key of ['n', 'spent', 'mean', 't', 'tCritical', 'flipP'] as const) {
          expectClose(look[key], row[key], `${what}, ${key}`);
        }
        expectEnds(look.interval, row.interval, `${what}, interval`);
        if (margin === 0) return;
        const within = look.margin!;
        expectClose(within.tCritical, row.tCriticalOneSided!, `${what}, one-sided t`);
        expectClose(within.flipPAboveLower, row.flipPAboveLower!, `${what}, above`);
        expectClose(within.flipPBelowUpper, row.flipPBelowUpper!, `${what}, below`);
        expect([within.aboveLower, within.belowUpper]).to.deep.equal([
          row.aboveLower,
          row.belowUpper,
        ]);
        expectEnds(within.interval, row.equivalenceInterval!, `${what}, interval of equivalence`);
      });
      const stop = taken.find(({ claim }) => claim !== null);
      expect(stop?.claim ?? 'inconclusive').to.equal(end.decision);
      expect(stop?.n ?? cap).to.equal(end.stoppedAt);
    });
  }

  it('looks first where the sign patterns can decide, which takes six pairs at 0.05', () => {
    for (const [cap, first] of Object.entries(golden.firstLook)) {
      expect(firstLook(Number(cap), 0.05), cap).to.equal(first);
    }
    expect(firstLook(5, 0.05)).to.equal(undefined);
    expect(plannedLooks({ cap: 5, every: 1, alpha: 0.05, margin: 0 })).to.deep.equal([]);
    expect(plannedLooks({ cap: 6, every: 3, alpha: 0.05, margin: 0 })).to.deep.equal([6]);
  });

  it('is the sign-flip test of the same pairs when it looks only once', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 8, maxLength: 12 }), (differences) => {
        const cap = differences.length;
        const [look] = looksAt(differences, { cap, every: cap, alpha: 0.01, margin: 0 }).slice(-1);
        const flip = signFlipTest(differences);
        expect(flip.computable && flip.p).to.be.closeTo(look!.flipP, 1e-12);
      }),
      { numRuns: 20 },
    );
  });

  it('swaps higher and lower, and nothing else, when all differences change sign', () => {
    const value = fc.integer({ min: -20, max: 40 });
    const other = { higher: 'lower', lower: 'higher', equivalent: 'equivalent' } as const;
    fc.assert(
      fc.property(fc.array(value, { minLength: 12, maxLength: 12 }), (differences) => {
        const plan = { cap: 12, every: 1, alpha: 0.05, margin: 15 };
        const turned = looksAt(
          differences.map((d) => 0 - d),
          plan,
        );
        looksAt(differences, plan).forEach(({ claim, flipP }, k) => {
          expect(turned[k]!.claim).to.equal(claim === null ? null : other[claim]);
          expect(turned[k]!.flipP).to.equal(flipP);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('has no claim for differences that are all 0 without a margin', () => {
    const looks = looksAt(Array<number>(10).fill(0), { cap: 10, every: 1, alpha: 0.05, margin: 0 });
    expect(looks.map(({ claim }) => claim)).to.deep.equal([null, null, null, null]);
  });

  it('follows random patterns beyond the words of one block of signs', () => {
    const differences = Array.from({ length: 130 }, (_, i) => ((i * 37) % 101) - 49);
    const [last] = looksAt(differences, { cap: 130, every: 130, alpha: 0.05, margin: 0 }).slice(-1);
    const flip = signFlipTest(differences);
    // Patterns that the first look struck out count as more extreme; others are drawn alike.
    expect(flip.computable && Math.abs(flip.p - last!.flipP)).to.be.lessThan(0.01);
  });
});

describe('zRecursion', () => {
  it('equals the reference, which equals gsDesign', () => {
    for (const { looks, spent, sides, z } of golden.zBounds) {
      const next = zRecursion(sides);
      looks.forEach((n, k) => {
        expectClose(next(n, spent[k]!), z[k]!, `sides ${sides}, look ${n}`);
      });
    }
  });
});

describe('the e-process', () => {
  for (const { name, differences, alpha, perPair, stopsAt } of golden.eProcess) {
    it(`equals the reference after every pair: ${name}`, () => {
      perPair.forEach(({ n, logE, interval }) => {
        const first = differences.slice(0, n);
        expectClose(logEvidence(first), logE, `${n} pairs`);
        expectEnds(evidenceInterval(first, alpha), interval, `${n} pairs`);
      });
      const enough = perPair.find(
        ({ n }) => logEvidence(differences.slice(0, n)) >= Math.log(1 / alpha),
      );
      expect(enough?.n ?? null).to.equal(stopsAt);
    });
  }
});

describe('gaussLegendre', () => {
  it('integrates polynomials of degree 2n - 1 exactly', () => {
    const { nodes, weights } = gaussLegendre(5);
    for (let degree = 0; degree < 10; degree++) {
      const integral = nodes.reduce((all, x, i) => all + weights[i]! * x ** degree, 0);
      expect(integral).to.be.closeTo(degree % 2 === 0 ? 2 / (degree + 1) : 0, 1e-14);
    }
  });
});

describe('selectLargest', () => {
  it('finds the value that sorting finds', () => {
    const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.nat(), (list, any) => {
        const rank = any % list.length;
        const sorted = [...list].sort((a, b) => b - a);
        expect(selectLargest(Float64Array.from(list), rank)).to.equal(sorted[rank]);
      }),
    );
  });
});
