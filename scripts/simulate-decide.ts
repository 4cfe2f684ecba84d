/**
 * What deciding in sequence costs and how often it errs: `npm run build && node dist/scripts/simulate-decide.js`
 *
 * Differences are normal, with a standard deviation of 1 and a mean of d_z. For each cap it counts how often the sequential
 * test says higher or lower, how many pairs it takes, and how often the interval at the stop covers the true mean.
 *
 *     --samples N     of each row (default 4000, some minutes of one core)
 *     --caps 10,20,50
 *     --effects 0,1   values of d_z; 0: a variant against itself
 *     --seed N        of the draws (default 1)
 *     --json          one JSON document
 */
import { parseArgs } from 'node:util';
import { normalBlock } from '../src/random/normal.js';
import { philox4x32 } from '../src/random/philox.js';
import { tBounds } from '../src/statistics/boundary-test.js';
import { pairedT } from '../src/statistics/paired-t.js';
import { plannedLooks } from '../src/statistics/sequential-plan.js';
import { sequentialTest } from '../src/statistics/sequential-test.js';
import type { SequentialLook } from '../src/statistics/sequential-test.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    samples: { type: 'string', default: '4000' },
    caps: { type: 'string', default: '10,20,50' },
    effects: { type: 'string', default: '0,1' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const samples = wholeFlag('--samples', flags.samples);
const seed = wholeFlag('--seed', flags.seed, 0);
const caps = flags.caps.split(',').map((cap) => wholeFlag('--caps', cap, 6));
const effects = flags.effects.split(',').map(Number);

const rows = caps.flatMap((cap) => effects.map((effect) => simulate(cap, effect)));
if (flags.json) process.stdout.write(`${JSON.stringify({ samples, seed, rows }, undefined, 2)}\n`);
else {
  for (const { cap, effect, decided, pairs, covered } of rows) {
    const error = (share: number) => Math.sqrt((share * (1 - share)) / samples).toFixed(4);
    console.log(
      `cap ${cap}, d_z ${effect}: decided ${decided.toFixed(4)} ± ${error(decided)}, ` +
        `${pairs.toFixed(2)} pairs, covered ${covered.toFixed(4)} ± ${error(covered)}`,
    );
  }
}

function simulate(cap: number, effect: number) {
  const plan = { cap, every: 1, alpha: 0.05, margin: 0 };
  const looks = plannedLooks(plan);
  const next = tBounds(2, plan);
  const bounds = new Map(looks.map((n) => [n, next(n)]));
  let [decided, covered, pairs] = [0, 0, 0];
  for (let sample = 0; sample < samples; sample++) {
    const differences = draw(sample, cap).map((value) => value + effect);
    const claim = claimOf(differences);
    const n = claim?.n ?? cap;
    const { mean, standardError } = tOf(differences, n);
    if (Math.abs(mean - effect) <= bounds.get(n)! * standardError) covered++;
    if (claim !== undefined) decided++;
    pairs += n;
  }
  const share = (count: number) => count / samples;
  return { cap, effect, decided: share(decided), pairs: share(pairs), covered: share(covered) };

  /** The look that stops; where t never crosses, the sign flips need not be followed. */
  function claimOf(differences: readonly number[]): SequentialLook | undefined {
    const crosses = looks.some((n) => Math.abs(tOf(differences, n).t) >= bounds.get(n)!);
    if (!crosses) return undefined;
    const look = sequentialTest(plan, (n) => bounds.get(n)!);
    for (const n of looks) {
      const found = look(differences.slice(0, n));
      if (found.claim !== null) return found;
    }
    return undefined;
  }
}

function tOf(differences: readonly number[], n: number) {
  const t = pairedT(differences.slice(0, n), 0.95);
  if (!t.computable) throw new Error(t.because);
  return t;
}

/** Standard normal values that depend on the seed, the sample and their positions alone. */
function draw(sample: number, count: number): number[] {
  const values: number[] = [];
  const four = new Float64Array(4);
  for (let block = 0; values.length < count; block++) {
    normalBlock(Uint32Array.from(philox4x32([sample, block, 0, 0], [seed, 0x646563])), four);
    values.push(...four);
  }
  return values.slice(0, count);
}
