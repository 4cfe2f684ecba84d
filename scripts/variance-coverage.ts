/**
 * How often the intervals of `lockstep variance` cover, and how often it claims a dominant source wrongly:
 * `npm run build && node dist/scripts/variance-coverage.js`
 *
 * Draws Latin squares of normal effects with known variances, and decomposes each as the report does. A claim is
 * false where the source named has not the largest variance of all (a tie counts as false, too).
 *
 *     --squares N   of each case (default 10000)
 *     --levels N    (default 5)
 *     --seed N      (default 1)
 *     --json        one JSON document
 */
import { parseArgs } from 'node:util';
import { normalBlock } from '../src/random/normal.js';
import { philox4x32 } from '../src/random/philox.js';
import { decomposeStreams, sources } from '../src/statistics/decompose-streams.js';
import type { Source } from '../src/statistics/decompose-streams.js';
import { crossedStreams, fewestLevels, latinSquare } from '../src/statistics/latin-square.js';
import type { CrossedStream } from '../src/statistics/latin-square.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    squares: { type: 'string', default: '10000' },
    levels: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const squares = wholeFlag('--squares', flags.squares);
const levels = wholeFlag('--levels', flags.levels, fewestLevels);
const seed = wholeFlag('--seed', flags.seed, 0);
const cells = latinSquare(levels);

interface Case {
  /** Variances of data, init, dropout and rest. */
  readonly variances: readonly [number, number, number, number];
  /** Streams that are decomposed. */
  readonly streams: readonly CrossedStream[];
}

const all = crossedStreams;
const cases: readonly Case[] = [
  { variances: [0, 0, 0, 1], streams: all },
  { variances: [1, 1, 1, 1], streams: all },
  { variances: [1, 1, 0, 1], streams: all },
  { variances: [4, 4, 1, 1], streams: all },
  { variances: [20, 20, 20, 1], streams: all },
  { variances: [4, 2, 1, 1], streams: all },
  { variances: [20, 1, 1, 1], streams: all },
  { variances: [100, 1, 1, 1], streams: all },
  { variances: [1, 1, 0, 1], streams: ['data', 'init'] },
  { variances: [20, 1, 0, 1], streams: ['data', 'init'] },
];

const results = cases.map(({ variances, streams }, at) => {
  const drawn = normals(at);
  const [data, init, dropout, rest] = variances.map(Math.sqrt) as [number, number, number, number];
  const largest = Math.max(...variances);
  const top = sources.filter((_, i) => variances[i] === largest);
  const covered = Object.fromEntries(streams.map((stream) => [stream, 0])) as Record<
    Source,
    number
  >;
  const claims = { right: 0, wrong: 0 };
  for (let square = 0; square < squares; square++) {
    const effects = { data: of(data), init: of(init), dropout: of(dropout) };
    const values = cells.map(
      (cell) =>
        effects.data[cell.data]! +
        effects.init[cell.init]! +
        effects.dropout[cell.dropout]! +
        rest * drawn(),
    );
    const found = decomposeStreams(values, { streams, alpha: 0.05 });
    if (!found.computable) throw new Error(found.because);
    for (const { stream, ratio } of found.streams) {
      const truth = variances[sources.indexOf(stream)]! / variances[3];
      if (ratio.low <= truth && truth <= ratio.high) covered[stream]++;
    }
    if (found.dominant === null) continue;
    claims[top.length === 1 && top[0] === found.dominant ? 'right' : 'wrong']++;
  }
  const share = (times: number) => times / squares;
  return {
    variances: Object.fromEntries(sources.map((source, i) => [source, variances[i]])),
    layout: streams.length === 3 ? 'Latin square' : 'two-way',
    coverage: Object.fromEntries(streams.map((stream) => [stream, share(covered[stream])])),
    claims: { right: share(claims.right), wrong: share(claims.wrong) },
  };

  function of(sd: number): number[] {
    return Array.from({ length: levels }, () => sd * drawn());
  }
});

if (flags.json) process.stdout.write(`${JSON.stringify({ squares, levels, seed, results })}\n`);
else {
  process.stdout.write(
    `${squares} squares of ${levels} levels a case, seed ${seed}; intervals of 95%\n`,
  );
  for (const { variances, layout, coverage, claims } of results) {
    const truth = Object.entries(variances).map(([source, variance]) => `${source} ${variance}`);
    const covers = Object.entries(coverage).map(
      ([stream, share]) => `${stream} ${share.toFixed(4)}`,
    );
    process.stdout.write(
      `${layout.padEnd(12)}  ${truth.join(' ').padEnd(34)}  covered: ${covers.join(' ').padEnd(42)}  claims: right ${claims.right.toFixed(4)} wrong ${claims.wrong.toFixed(4)}\n`,
    );
  }
}

/** Standard normal numbers, a stream of their own for each case. */
function normals(stream: number): () => number {
  const block = new Float64Array(4);
  let count = 0;
  return () => {
    const word = count % 4;
    if (word === 0) {
      normalBlock(Uint32Array.from(philox4x32([count / 4, stream, 0, 0], [seed, 0])), block);
    }
    count++;
    return block[word]!;
  };
}
