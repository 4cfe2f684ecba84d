/**
 * What racing costs, and how often it loses the best point: `npm run build && node dist/scripts/simulate-race.js`
 *
 * 20 points of 10 seeds with independent normal residuals, whose standard deviation is the unit of all
 * gaps (what a seed does to all points alike cancels). Beside it successive halving, which runs 1, 2, 4
 * and then 8 seeds of all points, of the better half of them, and so on, and names the best of the three
 * that are left. Lost: no survivor is one of the best points, or for halving the one named is not.
 *
 *     --replicates N  races of each setting (default 4000, half a minute of one core)
 *     --seed N        of the draws (default 1)
 *     --json          one JSON document
 */
import { parseArgs } from 'node:util';
import { fewGoodPoints, simulatedValues } from '../src/statistics/race-simulation.js';
import { mean } from '../src/statistics/moments.js';
import { race } from '../src/statistics/race.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    replicates: { type: 'string', default: '4000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const replicates = wholeFlag('--replicates', flags.replicates);
const seed = wholeFlag('--seed', flags.seed);

const points = 20;
const seeds = 10;
const rules = { direction: 'higher', alpha: 0.05, seeds } as const;

/** Gaps of the points to the best ones. */
const settings: Readonly<Record<string, readonly number[]>> = {
  'few good: 0, 0.5, 1, and 17 at 4': fewGoodPoints(points),
  'spread evenly from 0 to 4': Array.from({ length: points }, (_, at) => (4 * at) / (points - 1)),
  'half good: 10 at 0, 10 at 4': Array.from({ length: points }, (_, at) => (at < 10 ? 0 : 4)),
  'all alike': Array.from({ length: points }, () => 0),
};

interface Course {
  /** Trials run, of all. */
  readonly cost: number;
  /** The points among which the best is sought. */
  readonly left: readonly number[];
}

function raced(values: readonly (readonly number[])[]): Course {
  const { drops, survivors } = race(values, rules);
  const trials = drops.reduce((sum, drop) => sum + drop.seeds, survivors.length * seeds);
  return { cost: trials / (points * seeds), left: survivors };
}

/** Jamieson and Talwalkar 2016. */
function halved(values: readonly (readonly number[])[]): Course {
  const rungs = [1, 2, 4, 8];
  let left = values.map((_, point) => point);
  let [trials, before] = [0, 0];
  for (const rung of rungs) {
    trials += left.length * (rung - before);
    before = rung;
    const score = new Map(left.map((point) => [point, mean(values[point]!.slice(0, rung))]));
    left.sort((a, b) => score.get(b)! - score.get(a)!);
    left = left.slice(0, rung === rungs.at(-1) ? 1 : Math.ceil(left.length / 2));
  }
  return { cost: trials / (points * seeds), left };
}

function summary(courses: readonly Course[], gaps: readonly number[]) {
  const isLost = ({ left }: Course) => left.every((point) => gaps[point] !== 0);
  const lost = courses.filter(isLost).length / courses.length;
  return {
    cost: mean(courses.map(({ cost }) => cost)),
    lost,
    standardError: Math.sqrt((lost * (1 - lost)) / courses.length),
  };
}

const rows = Object.entries(settings).map(([setting, gaps]) => {
  const samples = Array.from({ length: replicates }, (_, replicate) =>
    simulatedValues(gaps, { seeds, seed, replicate }),
  );
  return {
    setting,
    race: summary(samples.map(raced), gaps),
    halving: summary(samples.map(halved), gaps),
  };
});

if (flags.json) console.log(JSON.stringify({ replicates, seed, points, seeds, rows }, null, 2));
else {
  console.log(
    `${points} points, ${seeds} seeds, ${replicates} races; cost in shares of all trials`,
  );
  for (const { setting, ...methods } of rows) {
    const texts = Object.entries(methods).map(
      ([name, { cost, lost, standardError }]) =>
        `${name}: cost ${cost.toFixed(3)}, lost the best ${lost.toFixed(4)} ± ${standardError.toFixed(4)}`,
    );
    console.log([setting, ...texts].join('\n  '));
  }
}
