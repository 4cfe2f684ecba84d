import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { timingOf } from '../../src/bench/timing.js';
import { readAllRecords } from '../../test/support/read-all-records.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { withTemporaryFolder } from '../../test/support/temporary-folder.js';
import { alternate } from '../alternate.js';
import { startLockstep } from './lockstep.js';

export interface TrainingOptions {
  readonly rounds: number;
  readonly steps: number;
  readonly tails: number;
  readonly engine: string;
}

/** Milliseconds of the tutorial's paired step with and without tails attached, in alternation. */
export function measureTraining({ rounds, steps, tails, engine }: TrainingOptions) {
  return alternate(rounds, (isFollowed) => pairedStepMs(steps, isFollowed ? tails : 0, engine));
}

async function pairedStepMs(steps: number, tails: number, engine: string): Promise<number> {
  return withTemporaryFolder(async (out) => {
    const followers = Array.from({ length: tails }, () => {
      const tail = startLockstep('tail', '--out', out, '--wait', '--json');
      tail.child.stdout.resume();
      return tail.ended;
    });
    const settings = [`training.steps=${steps}`].flatMap((text) => ['--set', text]);
    const run = startLockstep(
      ...['run', 'tutorial', '--engine', engine, '--out', out, '--quiet', ...settings],
    );
    run.child.stdout.resume();
    for (const ended of [run.ended, ...followers]) {
      const { code, stderr } = await ended;
      if (code !== 0) throw new Error(`expected an end with 0, got ${code}:\n${stderr}`);
    }
    const name = (await readdir(out)).find((entry) => entry !== 'latest')!;
    const records = await readAllRecords(trialFiles(join(out, name), 0).log);
    return timingOf(records, 5).paired;
  });
}
