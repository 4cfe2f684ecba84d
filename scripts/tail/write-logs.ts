/**
 * A process that logs steps of many trials at once, as their processes would: the writer of
 * `npm run bench:tail`.
 *
 *     node dist/scripts/tail/write-logs.js <runDir> <trials> <records a second each> <seconds>
 */
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineFile } from '../../src/files/line-file.js';
import { createTrialLog } from '../../src/log/trial-log.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { runId, stepFields } from './made-up-run.js';

const [run = '', ...numbers] = process.argv.slice(2);
const [trials = 0, rate = 0, seconds = 0] = numbers.map(Number);

const logs = Array.from({ length: trials }, (_, trial) => {
  const { folder, log } = trialFiles(run, trial);
  mkdirSync(folder, { recursive: true });
  const file = new LineFile(log);
  return createTrialLog({ file, runId, trial, seed: trial, lastSeq: 0, clock: () => Date.now() });
});
const start = performance.now();
for (let step = 1; step <= rate * seconds; step += 1) {
  for (const [trial, log] of logs.entries()) {
    // The trials' steps fall between each other's.
    const due = start + (1000 / rate) * (step + trial / trials);
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    log.write(stepFields(step));
  }
}
for (const log of logs) {
  log.write({ event: 'trial.end', outcome: 'completed', step: rate * seconds });
}
