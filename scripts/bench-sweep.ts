/**
 * What many trials take beyond their training: `npm run bench:sweep`.
 *
 * - `start`: from one trial's last record to the first step of the next, each in a process of its own.
 * - `jobs`: the wall time of 2 points x 8 seeds of the tutorial with two trials at a time, to that with one.
 * - `many`: resident memory of the process that schedules 250 points x 2 seeds of debug, two trials at a time.
 * - `read`: `list` and `show` of 250 points x 2 seeds x 1,000 steps, all done, and all killed at their end.
 *
 *     --engine NAME   engine (default tensorflow)
 *     --rounds N      (default 2)
 *     --only NAME     only that measurement
 *     --steps N       of each of the 16 trials of `jobs` (default 20)
 */
import { readFileSync } from 'node:fs';
import { mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAllRecords } from '../test/support/read-all-records.js';
import { readManifest, trialFiles } from '../src/run/run-directory.js';
import { median } from '../src/statistics/moments.js';
import { lockstep, onlyRun, startLockstep } from '../test/support/lockstep.js';
import { writeSyntheticRun } from '../test/support/synthetic-run.js';
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
/** Rates of dropout. */
const manyPoints = Array.from({ length: 250 }, (_, index) => index / 1000);

await withTemporaryFolder(async (folder) => {
  const measurements = { start: benchStart, jobs: benchJobs, many: benchMany, read: benchRead };
  for (const [name, measure] of Object.entries(measurements)) {
    if (flags.only === undefined || flags.only === name) await measure(folder);
  }
});

async function benchStart(folder: string): Promise<void> {
  const gaps: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const run = await trained(folder, `start-${round}`, 'run', 'debug', '--seeds', `1..${trials}`);
    let end = Infinity;
    for (let index = 0; index < trials; index += 1) {
      const records = await readAllRecords(trialFiles(run, index).log);
      const firstStep = records.find(({ event }) => event === 'step')!;
      if (index > 0) gaps.push(firstStep.time - end);
      end = records.at(-1)!.time;
    }
  }
  const sorted = [...gaps].sort((a, b) => a - b);
  const nine = sorted[Math.ceil(0.9 * sorted.length) - 1]!;
  console.log(
    `start: shortest ${sorted[0]} ms, median ${median(gaps)} ms, 90% within ${nine} ms, ` +
      `longest ${sorted.at(-1)} ms, of ${gaps.length} trials of debug`,
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

async function benchMany(folder: string): Promise<void> {
  const cwd = join(folder, 'many');
  await mkdir(cwd);
  const parameters = { 'variants.snn.dropout.rate': { values: manyPoints } };
  const sweep = `sweep=${JSON.stringify({ method: 'grid', parameters })}`;
  const command = ['sweep', 'debug', '--seeds', '1..2', '--jobs', '2', '--set', sweep];
  const running = startLockstep(cwd, ...command, '--engine', flags.engine, '--quiet');
  const memory: number[] = [];
  const sampling = setInterval(() => {
    const resident = residentMiB(running.child.pid!);
    if (resident !== undefined) memory.push(resident);
  }, 1000);
  const begun = performance.now();
  const { code, stderr } = await running.finished;
  clearInterval(sampling);
  if (code !== 0) throw new Error(`expected an end with 0, got ${code}: ${stderr}`);
  const tenth = Math.ceil(memory.length / 10);
  const tenths = Array.from({ length: 10 }, (_, part) => memory.slice(part * tenth).slice(0, tenth))
    .filter((part) => part.length > 0)
    .map((part) => median(part).toFixed(0));
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `many: 500 trials in ${seconds.toFixed(0)} s; the scheduler's MiB in each tenth of them: ${tenths.join(' ')}`,
  );
}

/** From Linux's /proc; undefined when the process has gone. */
function residentMiB(pid: number): number | undefined {
  try {
    const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
  } catch {
    return undefined;
  }
}

async function benchRead(folder: string): Promise<void> {
  const cwd = join(folder, 'read');
  await mkdir(cwd);
  const points = manyPoints.map((rate) => ({ 'variants.snn.dropout.rate': rate }));
  const run = await writeSyntheticRun(cwd, { points, seeds: [1, 2], steps: 1000 });
  await measureReading(cwd, 'done');
  for (const { index } of (await readManifest(run)).trials) {
    const { result, log } = trialFiles(run, index);
    await rm(result);
    await truncate(log, (await stat(log)).size - 10);
  }
  await measureReading(cwd, 'killed');
}

async function measureReading(cwd: string, state: string): Promise<void> {
  for (const command of ['list', 'show']) {
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now();
      const { code, stderr } = await lockstep(cwd, command);
      if (code !== 0) throw new Error(`expected an end with 0, got ${code}: ${stderr}`);
      seconds.push((performance.now() - begun) / 1000);
    }
    const [middle, longest] = [median(seconds), Math.max(...seconds)];
    console.log(
      `read: ${command} of 500 trials x 1000 steps, ${state}: median ${middle.toFixed(2)} s, longest ${longest.toFixed(2)} s`,
    );
  }
}

/** Trains in a folder of its own. @returns the run's folder */
async function trained(folder: string, name: string, ...args: string[]): Promise<string> {
  const cwd = join(folder, name);
  await mkdir(cwd);
  const { code, stderr } = await lockstep(cwd, ...args, '--engine', flags.engine, '--quiet');
  if (code !== 0) throw new Error(`expected an end with 0, got ${code}: ${stderr}`);
  return onlyRun(cwd);
}
