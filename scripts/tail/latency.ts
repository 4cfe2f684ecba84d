import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { acquireLock } from '../../src/files/lock.js';
import { LineFile } from '../../src/files/line-file.js';
import { createTrialLog } from '../../src/log/trial-log.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { withTemporaryFolder } from '../../test/support/temporary-folder.js';
import { startLockstep } from './lockstep.js';
import { makeRun, runId } from './made-up-run.js';

const writer = fileURLToPath(new URL('./write-logs.js', import.meta.url));

export interface LatencyOptions {
  readonly trials: number;
  /** Records a second of each trial. */
  readonly rate: number;
  readonly seconds: number;
}

/**
 * Milliseconds from the write of a record to its line's arrival at the reader of `tail --json`, over all
 * records of all trials, and what the tail used of a processor meanwhile. `time` has whole milliseconds.
 */
export async function measureLatency({ trials, rate, seconds }: LatencyOptions) {
  return withTemporaryFolder(async (folder) => {
    const run = await makeRun(folder, trials);
    const tail = startLockstep('tail', run, '--json');
    const latencies: number[] = [];
    const lines = createInterface({ input: tail.child.stdout });
    lines.on('line', (line) => {
      const now = Date.now();
      const { event, time } = JSON.parse(line) as { event: string; time: number };
      if (event === 'step') latencies.push(now - time);
    });
    // What is written before the tail is there would count its start.
    writeFirstRecord(run);
    await once(lines, 'line');
    await promisify(execFile)(process.execPath, [
      writer,
      run,
      ...[trials, rate, seconds].map(String),
    ]);
    const { code, cpuMs, stderr } = await tail.ended;
    if (code !== 0) throw new Error(`expected the tail to end with 0, got ${code}:\n${stderr}`);
    const expected = trials * rate * seconds;
    if (latencies.length !== expected) {
      throw new Error(`expected ${expected} records, got ${latencies.length}`);
    }
    const sorted = latencies.sort((a, b) => a - b);
    const quantile = (q: number) => sorted[Math.min(expected - 1, Math.floor(q * expected))]!;
    return {
      records: expected,
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
      maxMs: quantile(1),
      cpuPercent: cpuMs / (10 * seconds),
    };
  });
}

/** Processor time of a tail that follows a run in which nothing happens, percent of one core. */
export async function measureIdle(seconds: number): Promise<number> {
  return withTemporaryFolder(async (folder) => {
    const run = await makeRun(folder, 16);
    // Somebody works on it, so that the tail stays.
    const lock = await acquireLock(trialFiles(run, 0).lock, 'trial 0');
    const used = async (extra: number) => {
      const tail = startLockstep('tail', run, '--json');
      tail.child.stdout.resume();
      setTimeout(() => tail.child.kill('SIGINT'), 2000 + extra);
      return (await tail.ended).cpuMs;
    };
    const start = await used(0);
    const idle = ((await used(seconds * 1000)) - start) / (10 * seconds);
    await lock.release();
    return idle;
  });
}

function writeFirstRecord(run: string): void {
  const files = trialFiles(run, 0);
  mkdirSync(files.folder, { recursive: true });
  const file = new LineFile(files.log);
  const clock = () => Date.now();
  const log = createTrialLog({ file, runId, trial: 0, seed: 0, lastSeq: 0, clock });
  log.write({ event: 'checkpoint', step: 0, path: 'checkpoints/step-000000' });
  file.close();
}
