/**
 * Kills the writers of a run at random moments, resumes it each time, and holds what `tail --json`
 * showed all along against the log that the run ended with:
 * `npm run chaos:tail`. Ends with 1 when a record is lost, repeated,
 * out of order or other than the log's.
 *
 *     --kills N    (default 20)
 *     --seed N     of the moments and of what is killed (default 1)
 *     --json       one JSON document
 */
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { readAllRecords } from '../test/support/read-all-records.js';
import type { LogRecord } from '../src/log/records.js';
import { trialFiles } from '../src/run/run-directory.js';
import { lastingRecords } from '../test/support/lasting-record.js';
import { killWith9, trialProcesses } from '../test/support/processes.js';
import { randomNumbers } from '../test/support/random-numbers.js';
import { withTemporaryFolder } from '../test/support/temporary-folder.js';
import { startLockstep } from './tail/lockstep.js';

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const kills = Number(flags.kills);
const trials = 2;
const random = randomNumbers(Number(flags.seed));

const report = await withTemporaryFolder(chaos);
if (flags.json) console.log(JSON.stringify(report, undefined, 2));
else console.table({ ...report, wrong: report.wrong.join('; ') || 'nothing' });
process.exitCode = report.wrong.length === 0 ? 0 : 1;

async function chaos(out: string) {
  const tail = startLockstep('tail', '--out', out, '--wait', '--grace', '120', '--json');
  const shown: LogRecord[] = [];
  const lines = createInterface({ input: tail.child.stdout });
  lines.on('line', (line) => shown.push(JSON.parse(line) as LogRecord));
  const settings = [
    'training.steps=6000',
    'checkpoint.every=100',
    'training.optimizer.learningRate=0.001',
  ];
  let writer = startWriter(
    ...['run', 'debug', '--engine', 'wasm', '--out', out, '--seeds', `1..${trials}`, '--jobs', '2'],
    ...settings.flatMap((setting) => ['--set', setting]),
  );
  // Before there is a run there is nothing to resume.
  await once(lines, 'line');
  const killed = { trial: 0, run: 0 };
  while (killed.trial + killed.run < kills) {
    if (tail.child.exitCode !== null) throw new Error((await tail.ended).stderr);
    // Half of the times at whatever it is at, starting or training; else after it has recorded something.
    if (random() < 0.5) await Promise.race([once(lines, 'line'), writer.ended, tail.ended]);
    await Promise.race([sleep(random() * 1500), writer.ended]);
    if (writer.child.exitCode !== null) {
      const { code, stderr } = await writer.ended;
      throw new Error(
        `expected more to kill, got an end with ${code} after ${JSON.stringify(killed)}: ${stderr}`,
      );
    }
    const [trial] = trialProcesses(writer.child.pid!);
    if (random() < 0.5 && trial !== undefined) {
      killed.trial += Number(killWith9(trial));
      continue;
    }
    // The trials notice that the run is gone and end; killing them makes it certain that they do.
    const all = [writer.child.pid!, ...trialProcesses(writer.child.pid!)];
    killed.run += Number(all.map(killWith9).includes(true));
    await writer.ended;
    writer = startWriter('resume', join(out, await nameOfRun(out)), '--jobs', '2');
  }
  const { code } = await writer.ended;
  if (code !== 0) throw new Error(`expected the run to end with 0, got ${code}`);
  const ended = await tail.ended;
  const wrong = ended.code === 0 ? [] : [`the tail ended with ${ended.code}: ${ended.stderr}`];
  const run = join(out, await nameOfRun(out));
  for (let trial = 0; trial < trials; trial += 1) {
    const logged = await readAllRecords(trialFiles(run, trial).log);
    wrong.push(
      ...compare(
        shown.filter((record) => record.trial === trial),
        logged,
      ),
    );
  }
  const resumes = shown.filter(({ event }) => event === 'trial.resume').length;
  return { killed, resumes, records: shown.length, wrong };
}

function startWriter(...args: string[]) {
  const writer = startLockstep(...args, '--quiet', '--retries', String(kills));
  writer.child.stdout.resume();
  return writer;
}

async function nameOfRun(out: string): Promise<string> {
  const name = (await readdir(out)).find((entry) => entry !== 'latest');
  if (name === undefined) throw new Error(`expected a run in ${out}`);
  return name;
}

/** What is wrong with the records shown of a trial whose log ended as `logged`. */
function compare(shown: readonly LogRecord[], logged: readonly LogRecord[]): string[] {
  const [got, expected] = [lastingRecords(shown), lastingRecords(logged)];
  if (isDeepStrictEqual(got, expected)) return [];
  const first = expected.findIndex((record, index) => !isDeepStrictEqual(record, got[index]));
  return [
    `trial ${logged[0]?.trial}: expected ${expected.length} records, got ${got.length}; the first other one ` +
      `is ${JSON.stringify(got[first])} instead of ${JSON.stringify(expected[first])}`,
  ];
}
