import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  decomposeStreams,
  pairedStreams,
  sources,
} from '../../src/statistics/decompose-streams.js';
import type {
  CrossedOptions,
  Source,
  StreamDecomposition,
} from '../../src/statistics/decompose-streams.js';
import { crossedStreams, latinSquare } from '../../src/statistics/latin-square.js';

type BySource = Record<Source, number>;
type Quantity = 'A' | 'B' | 'difference';
interface Golden {
  A: number[][];
  B: number[][];
  meanSquares: Record<Quantity, BySource>;
  components: Record<Quantity, BySource>;
  share: Record<Quantity, BySource>;
  F: Record<Quantity, BySource>;
  p: Record<Quantity, BySource>;
  ratioInterval: Record<Quantity, Record<Source, [number, number]>>;
  covariance: BySource;
  pairingSaves: BySource;
}

// Made by scripts/goldens/sequential.py.
const path = new URL('../../../test/statistics/fixtures/sequential.golden.json', import.meta.url);
const { streams: golden } = JSON.parse(readFileSync(path, 'utf8')) as { streams: Golden };
const [a, b] = [golden.A.flat(), golden.B.flat()];
const options: CrossedOptions = { streams: crossedStreams, alpha: 0.05 };

function decomposed(values: readonly number[], given = options): StreamDecomposition {
  const found = decomposeStreams(values, given);
  if (!found.computable) throw new Error(found.because);
  return found;
}

/** Expects 1e-9, relative to the number. */
function near(actual: number | undefined, expected: number, what: string): void {
  expect(actual, what).to.be.closeTo(expected, 1e-9 * Math.abs(expected) + 1e-16);
}

describe('a Latin square of streams', () => {
  it('lets every level of a stream meet every level of each other once', () => {
    for (const levels of [3, 4, 5, 8]) {
      const cells = latinSquare(levels);
      for (const [one, other] of [
        ['data', 'init'],
        ['data', 'dropout'],
        ['init', 'dropout'],
      ] as const) {
        const met = new Set(cells.map((cell) => `${cell[one]} ${cell[other]}`));
        expect(met.size).to.equal(levels ** 2);
      }
    }
  });

  for (const [name, values] of [
    ['A', a],
    ['B', b],
    ['difference', b.map((value, cell) => value - a[cell]!)],
  ] as const) {
    it(`decomposes ${name} as SciPy's reference does, to 1e-9`, () => {
      const found = decomposed(values);
      for (const { stream, ...effect } of found.streams) {
        near(effect.meanSquare, golden.meanSquares[name][stream], `mean square, ${stream}`);
        near(effect.component, golden.components[name][stream], `component, ${stream}`);
        near(effect.share, golden.share[name][stream], `share, ${stream}`);
        near(effect.f, golden.F[name][stream], `F, ${stream}`);
        near(effect.p, golden.p[name][stream], `p, ${stream}`);
        const [low, high] = golden.ratioInterval[name][stream];
        near(effect.ratio.low, low, `lower end, ${stream}`);
        near(effect.ratio.high, high, `upper end, ${stream}`);
      }
      near(found.rest.meanSquare, golden.meanSquares[name].rest, 'mean square, rest');
      near(found.rest.share, golden.share[name].rest, 'share, rest');
    });
  }

  it('finds the covariance, and what pairing saves, as the reference does', () => {
    const found = pairedStreams(a, b, crossedStreams);
    if (!found.computable) throw new Error(found.because);
    for (const source of sources) {
      near(found.covariances[source], golden.covariance[source], source);
      near(found.saves[source], golden.pairingSaves[source], source);
    }
  });

  it('counts what a left-out stream moves as rest: a two-way layout', () => {
    const [square, layout] = [
      decomposed(a),
      decomposed(a, { ...options, streams: ['data', 'init'] }),
    ];
    const dropout = square.streams[2]!;
    expect(layout.rest.df).to.equal(16);
    const pooled = (4 * dropout.meanSquare + 12 * square.rest.meanSquare) / 16;
    near(layout.rest.meanSquare, pooled, 'mean square, rest');
    near(layout.streams[0]!.meanSquare, square.streams[0]!.meanSquare, 'mean square, data');
  });

  it('claims a stream as dominant only where its interval lies above 1 and above all others', () => {
    const effect = (size: number, noise: number) =>
      latinSquare(5).map(
        ({ data, init }, cell) => data * size + init + noise * ((cell ** 2 * 13) % 11),
      );
    expect(decomposed(effect(200, 0.1)).dominant).to.equal('data');
    expect(decomposed(a).dominant).to.equal(null);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 25, maxLength: 25 }),
        (cells) => {
          const found = decomposeStreams(cells, options);
          if (!found.computable || found.dominant === null) return;
          const of = (name: string) => found.streams.find(({ stream }) => stream === name);
          const top = of(found.dominant)?.ratio.low ?? 1;
          for (const { stream, ratio } of found.streams) {
            if (stream !== found.dominant) expect(ratio.high).to.be.lessThan(top);
          }
          if (found.dominant !== 'rest') expect(top).to.be.greaterThan(1);
        },
      ),
    );
  });

  it('does not depend on the unit or the level of the values', () => {
    const shifted = decomposed(a.map((value) => 100 * value + 7));
    for (const [i, { share, f }] of decomposed(a).streams.entries()) {
      expect(shifted.streams[i]!.share).to.be.closeTo(share, 1e-9);
      expect(shifted.streams[i]!.f).to.be.closeTo(f, 1e-7);
    }
  });

  it('says why there is nothing to decompose', () => {
    const constant = decomposeStreams(Array<number>(9).fill(0.3), options);
    expect(constant).to.include({ computable: false, because: 'all cells have the same value' });
    const exact = decomposeStreams(
      latinSquare(4).map(({ data }) => data / 10),
      options,
    );
    expect(exact.computable || exact.because).to.match(/no rest/);
    const still = pairedStreams(
      Array<number>(9).fill(0.1),
      Array<number>(9).fill(0.2),
      crossedStreams,
    );
    expect(still).to.include({ computable: false, because: 'neither variant varies' });
  });
});
