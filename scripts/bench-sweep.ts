/**
 * What many trials take beyond their training: `npm run bench:sweep`.
 *
 * - `start`: from one trial's last record to the first step of the next, each in a process of its own.
 * - `jobs`: the wall time of 2 points x 8 seeds of the tutorial with two trials at a time, to that with one.
 *
 *     --engine NAME   engine (default tensorflow)
 *     --rounds N      (default 2)
 *     --only NAME     only that measurement
 *     --steps N       of each of the 16 trials of `jobs` (default 20)
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTrialLog } from '../src/log/read-log.js';
import { trialFiles } from '../src/run/run-directory.js';
import { median } from '../src/bench/timing.js';
import { lockstep, onlyRun } from '../test/support/lockstep.js';
import { withTemporaryFolder } from '../test/support/temporary-folder.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    engine: { type: 'string', default: 'tensorflow' },
    rounds: { type: 'string', default: '2' },
    only: { type: 'string' },
    steps: { type: 'string', default: '20' },
  },
});
const rounds = wholeFlag('--rounds', flags.rounds);
const steps = wholeFlag('--steps', flags.steps);
const trials = 6;

await withTemporaryFolder(async (folder) => {
  if (flags.only !== 'jobs') await benchStart(folder);
  if (flags.only !== 'start') await benchJobs(folder);
});

async function benchStart(folder: string): Promise<void> {
  const gaps: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const run = await trained(folder, `start-${round}`, 'run', 'debug', '--seeds', `1..${trials}`);
    let end = Infinity;
    for (let index = 0; index < trials; index += 1) {
      const records = await readTrialLog(trialFiles(run, index).log);
      const firstStep = records.find(({ event }) => event === 'step')!;
      if (index > 0) gaps.push(firstStep.time - end);
      end = records.at(-1)!.time;
    }
  }
  const longest = Math.max(...gaps);
  console.log(
    `start: median ${median(gaps)} ms, longest ${longest} ms, of ${gaps.length} trials of debug`,
  );
}

async function benchJobs(folder: string): Promise<void> {
  const config = join(folder, 'jobs.json');
  const parameters = { 'variants.snn.dropout.rate': { values: [0.05, 0.1] } };
  const sweep = { method: 'grid', parameters };
  // JSON is YAML, too.
  await writeFile(
    config,
    JSON.stringify({ extends: 'tutorial', seeds: '1..8', training: { steps }, sweep }),
  );
  const seconds = new Map<string, number[]>([
    ['1', []],
    ['2', []],
  ]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [jobs, measured] of seconds) {
      const begun = performance.now();
      await trained(folder, `jobs-${jobs}-${round}`, 'sweep', config, '--jobs', jobs);
      measured.push((performance.now() - begun) / 1000);
      console.log(
        `round ${round + 1} of ${rounds}  --jobs ${jobs}  ${measured.at(-1)!.toFixed(1)} s`,
      );
    }
  }
  const [one, two] = [...seconds.values()].map(median) as [number, number];
  console.log(`jobs: two at a time take ${(two / one).toFixed(2)} of one after the other's time`);
}

/** Trains in a folder of its own. @returns the run's folder */
async function trained(folder: string, name: string, ...args: string[]): Promise<string> {
  const cwd = join(folder, name);
  await mkdir(cwd);
  const { code, stderr } = await lockstep(cwd, ...args, '--engine', flags.engine, '--quiet');
  if (code !== 0) throw new Error(`expected an end with 0, got ${code}: ${stderr}`);
  return onlyRun(cwd);
}
