/**
 * What `lockstep report` costs: `npm run bench:report`. Makes two runs of invented numbers in a temporary
 * folder, in the format of real ones: a sweep of 100 points with 10 seeds, and one point with 20 seeds,
 * of 1,000 steps each; reports on both in a process of their own, and prints seconds, peak resident
 * memory and the sizes of what was written.
 *
 *     --json        one JSON document
 *     --rounds N    reports of each run to take the medians of (default 3)
 *     --points N    of the sweep (default 100)
 *     --steps N     of every trial (default 1,000)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSyntheticRun } from '../test/support/synthetic-run.js';
import { median } from '../src/statistics/moments.js';
import { count } from '../src/text/numbers.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    points: { type: 'string', default: '100' },
    steps: { type: 'string', default: '1000' },
  },
});

const main = fileURLToPath(new URL('../bin/lockstep.js', import.meta.url));
// Only a process itself knows its own peak.
const tellPeak = `process.once('exit',()=>process.stderr.write('\\npeak '+process.resourceUsage().maxRSS))`;
const rounds = wholeFlag('--rounds', flags.rounds);
const steps = wholeFlag('--steps', flags.steps);

const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-report-'));
try {
  const sweep = {
    points: sweepPoints(wholeFlag('--points', flags.points)),
    seeds: seeds(10),
    steps,
  };
  const single = { points: [{}], seeds: seeds(20), steps };
  const measured = [];
  for (const run of [sweep, single]) measured.push(await measure(run));
  if (flags.json) process.stdout.write(`${JSON.stringify(measured, undefined, 2)}\n`);
  else for (const result of measured) print(result);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

type Measured = Awaited<ReturnType<typeof measure>>;

async function measure(run: {
  readonly points: readonly Readonly<Record<string, unknown>>[];
  readonly seeds: readonly number[];
  readonly steps: number;
}) {
  const out = mkdtempSync(join(folder, 'out-'));
  const runFolder = await writeSyntheticRun(out, run);
  const reports = Array.from({ length: rounds }, () => report(runFolder));
  const size = (name: string) => statSync(join(runFolder, name)).size;
  const measured = {
    points: run.points.length,
    seeds: run.seeds.length,
    steps: run.steps,
    rounds,
    seconds: median(reports.map(({ seconds }) => seconds)),
    peakMiB: Math.max(...reports.map(({ peakMiB }) => peakMiB)),
    htmlBytes: size('report.html'),
    jsonBytes: size('report.json'),
  };
  rmSync(out, { recursive: true });
  return measured;
}

function report(runFolder: string) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(tellPeak)}`, main, 'report', runFolder],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const kibibytes = Number(/\npeak (\d+)$/.exec(stderr)?.[1]);
  if (status !== 0 || !(kibibytes > 0)) {
    throw new Error(`lockstep report: expected it to end with 0, got ${status}\n${stderr}`);
  }
  return { seconds, peakMiB: kibibytes / 1024 };
}

/** As near to a square grid of two parameters as `count` allows. */
function sweepPoints(count: number) {
  const columns = Math.ceil(Math.sqrt(count));
  return Array.from({ length: count }, (_, index) => ({
    'variants.snn.dropout.rate': (index % columns) / 20,
    'training.optimizer.learningRate': (1 + Math.floor(index / columns)) / 100,
  }));
}

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function print(result: Measured): void {
  const { points, seeds: pairs, seconds, peakMiB, htmlBytes, jsonBytes } = result;
  console.log(
    `${count(points, 'point')} x ${count(pairs, 'seed')} x ${count(result.steps, 'step')}: ` +
      `${seconds.toFixed(1)} s, ${peakMiB.toFixed(0)} MiB at its peak; ` +
      `report.html ${(htmlBytes / 1e6).toFixed(2)} MB, report.json ${(jsonBytes / 1e6).toFixed(2)} MB`,
  );
}
