import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { holm } from '../../src/statistics/compare-family.js';
import { normalCdf, normalUpperQuantile } from '../../src/statistics/distributions.js';
import { tUpperQuantile, tUpperTail } from '../../src/statistics/distributions.js';
import { equivalenceTest } from '../../src/statistics/equivalence.js';
import { mcnemar } from '../../src/statistics/mcnemar.js';
import { pairedT } from '../../src/statistics/paired-t.js';
import { alignPairs } from '../../src/statistics/pairs.js';
import { correlation, pairingGain, welch } from '../../src/statistics/pairing.js';
import {
  equivalencePower,
  pairedTPower,
  pairsToShowDifference,
} from '../../src/statistics/sample-size.js';
import { signFlipTest, signTest } from '../../src/statistics/sign-tests.js';
import { hodgesLehmann, wilcoxon } from '../../src/statistics/signed-rank.js';
import { twoLevelInterval } from '../../src/statistics/two-level.js';

interface Ends {
  low: number;
  high: number;
}
interface Row {
  kind: string;
  level: number;
  margin: number;
  baseline: number[];
  challenger: number[];
  expected: {
    signFlip: number;
    sign: { positive: number; negative: number; p: number };
    wilcoxon: { w: number; p: number; pGivenTies: number | null } | null;
    hodgesLehmann: { estimate: number; interval: (Ends & { attained: number }) | null };
    pairedT:
      | (Ends & { mean: number; sd: number; standardError: number } & Record<
            't' | 'p' | 'dz',
            number
          >)
      | null;
    tost: number | null;
    correlation?: number | null;
    welch?: Ends & { t: number; df: number; p: number };
    pairingFactor?: number;
  };
}
interface Other {
  holm: { p: number[]; adjusted: number[] }[];
  mcnemar: [number, number, number, number, number][];
  pairedTPower: [number, number, number, number][];
  equivalencePower: [number, number, number, number, number][];
  pairsToShowDifference: [number, number][];
  wilcoxonLarge: { differences: number[]; w: number; p: number };
  twoLevel: {
    differences: number[][];
    mean: number;
    standardError: number;
    df: number;
    half: number;
  }[];
  tUpperQuantile: [number, number, number][];
  tUpperTail: [number, number, number][];
  normalUpperQuantile: [number, number][];
  normalCdf: [number, number][];
}

function fixture(name: string): unknown {
  // Compiled tests run from dist; the fixtures stay beside their sources.
  const folder = process.env.LOCKSTEP_STATISTICS_GOLDENS ?? 'test/statistics/fixtures';
  return JSON.parse(readFileSync(join(folder, `${name}.golden.json`), 'utf8'));
}

function near(actual: number, wanted: number, relative: number, absolute = 0): void {
  expect(actual).to.be.closeTo(wanted, relative * Math.abs(wanted) + absolute);
}

function value<T extends { readonly computable: boolean }>(
  result: T,
): Extract<T, { computable: true }> {
  expect(result).to.include({ computable: true });
  return result as Extract<T, { computable: true }>;
}

describe('statistics against scipy and statsmodels', () => {
  const rows = fixture('paired') as Row[];
  const other = fixture('other') as Other;

  rows.forEach((row, index) => {
    it(`agree on sample ${index} (${row.kind}, ${row.baseline.length} pairs)`, () => {
      const { baseline, challenger, level, margin, expected } = row;
      const seeds = baseline.map((_, i) => i);
      const { differences, noise } = alignPairs({ seeds, baseline, challenger });
      const unit = Math.max(...differences.map(Math.abs));
      near(value(signFlipTest(differences, { noise })).p, expected.signFlip, 1e-12);
      const signs = signTest(differences);
      expect(signs).to.include({
        positive: expected.sign.positive,
        negative: expected.sign.negative,
      });
      near(signs.p, expected.sign.p, 1e-12);
      const ranks = wilcoxon(differences);
      expect(ranks.computable).to.equal(expected.wilcoxon !== null);
      if (ranks.computable && expected.wilcoxon) {
        expect(ranks.w).to.equal(expected.wilcoxon.w);
        near(ranks.p, expected.wilcoxon.p, 1e-10);
        if (expected.wilcoxon.pGivenTies !== null) {
          near(ranks.pGivenTies!, expected.wilcoxon.pGivenTies, 1e-10);
        }
      }
      const location = value(hodgesLehmann(differences, level));
      near(location.estimate, expected.hodgesLehmann.estimate, 1e-10, 1e-13 * unit);
      const around = expected.hodgesLehmann.interval;
      expect(location.interval.computable).to.equal(around !== null);
      if (location.interval.computable && around) {
        near(location.interval.low, around.low, 1e-10, 1e-13 * unit);
        near(location.interval.high, around.high, 1e-10, 1e-13 * unit);
        near(location.interval.attained, around.attained, 1e-12);
      }
      const test = pairedT(differences, level);
      expect(test.computable).to.equal(expected.pairedT !== null);
      if (!test.computable || !expected.pairedT) return;
      const scipy = expected.pairedT;
      near(test.mean, scipy.mean, 1e-9, 1e-13 * unit);
      near(test.sd, scipy.sd, 1e-9);
      near(test.standardError, scipy.standardError, 1e-9);
      near(test.t, scipy.t, 1e-9, 1e-11);
      near(test.p, scipy.p, 1e-8);
      near(test.dz, scipy.dz, 1e-9, 1e-11);
      near(test.interval.low, scipy.low, 1e-9, 1e-10 * unit);
      near(test.interval.high, scipy.high, 1e-9, 1e-10 * unit);
      near(value(equivalenceTest(differences, margin, 0.05)).p, expected.tost!, 1e-8);
      const unpaired = value(welch(baseline, challenger, level));
      near(unpaired.df, expected.welch!.df, 1e-8);
      near(unpaired.t, expected.welch!.t, 1e-8, 1e-10);
      near(unpaired.p, expected.welch!.p, 1e-8);
      near(
        value(pairingGain(baseline, challenger, differences)).factor,
        expected.pairingFactor!,
        1e-8,
      );
      if (expected.correlation !== null) {
        near(value(correlation(baseline, challenger)).r, expected.correlation!, 1e-9, 1e-9);
      }
    });
  });

  it('adjust by Holm', () => {
    for (const { p, adjusted } of other.holm) {
      holm(p).forEach((q, i) => {
        near(q!, adjusted[i]!, 1e-12);
      });
    }
  });

  it("compute McNemar's exact p", () => {
    for (const [both, b, c, neither, p] of other.mcnemar) {
      const repeat = (n: number, right: boolean) => new Array<boolean>(n).fill(right);
      const first = [...repeat(both + b, true), ...repeat(c + neither, false)];
      const second = [
        ...repeat(both, true),
        ...repeat(b, false),
        ...repeat(c, true),
        ...repeat(neither, false),
      ];
      near(mcnemar(first, second).p, p, 1e-10);
    }
  });

  it('compute power and sample sizes', () => {
    for (const [dz, n, alpha, power] of other.pairedTPower) {
      near(pairedTPower(dz, n, alpha), power, 1e-6);
    }
    for (const [delta, margin, n, alpha, power] of other.equivalencePower) {
      near(equivalencePower(delta, margin, n, alpha), power, 0, 1e-5);
    }
    for (const [dz, pairs] of other.pairsToShowDifference) {
      expect(value(pairsToShowDifference(dz, 1, 0.05)).pairs).to.equal(pairs);
    }
  });

  it('approximate the signed-rank p of 400 pairs', () => {
    const { differences, w, p } = other.wilcoxonLarge;
    const result = value(wilcoxon(differences));
    expect(result).to.include({ w, method: 'normal' });
    near(result.p, p, 1e-10);
  });

  it('compute the two-level interval', () => {
    for (const { differences, mean, standardError, df, half } of other.twoLevel) {
      const result = value(twoLevelInterval(differences, 0.95));
      near(result.mean, mean, 1e-10);
      near(result.standardError, standardError, 1e-9);
      near(result.df, df, 1e-8);
      near(result.interval.high - result.mean, half, 1e-8);
    }
  });

  it('compute the distributions', () => {
    for (const [tail, df, t] of other.tUpperQuantile) near(tUpperQuantile(tail, df), t, 1e-8);
    for (const [t, df, p] of other.tUpperTail) near(tUpperTail(t, df), p, 1e-9);
    for (const [tail, z] of other.normalUpperQuantile) near(normalUpperQuantile(tail), z, 1e-9);
    for (const [z, p] of other.normalCdf) near(normalCdf(z), p, 1e-10);
  });
});
