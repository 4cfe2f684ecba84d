/**
 * Kills `lockstep decide --jobs 2` with signal 9 at random moments (a trial, the process that schedules them, or everything), resumes
 * it until it is done, and holds its looks and its verdict against those of an undisturbed run with one job:
 * `npm run build && node dist/scripts/chaos-decide.js`. Ends with 1 on a difference.
 *
 *     --kills N    (default 20)
 *     --seed N     of the moments and of what is killed (default 1)
 *     --steps N    of each trial (default 60)
 *     --cap N      (default 10)
 *     --engine E   (default wasm)
 */
import { mkdir } from 'node:fs/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { join } from 'node:path';
import { engineNames } from '../src/protocol/index.js';
import type { EngineName } from '../src/protocol/index.js';
import { sequenceDocument } from '../src/report/sequence-document.js';
import { readRun } from '../src/run/read-run.js';
import { disturb, startDecide, writeDecideConfig } from '../test/support/chaos.js';
import { lockstep, onlyRun } from '../test/support/lockstep.js';
import { randomNumbers } from '../test/support/random-numbers.js';
import { withTemporaryFolder } from '../test/support/temporary-folder.js';
import { wholeFlag } from './flags.js';

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '60' },
    cap: { type: 'string', default: '10' },
    engine: { type: 'string', default: 'wasm' },
  },
});
const engine = engineNames.find((name) => name === flags.engine);
if (engine === undefined) {
  throw new Error(`--engine: expected one of ${engineNames.join(', ')}, got ${flags.engine}`);
}
const kills = wholeFlag('--kills', flags.kills);
/** A run that is never left alone takes too long; then the next one is killed. */
const killsARun = 4;

const wrong = await withTemporaryFolder((folder) => chaos(folder, engine));
process.exitCode = wrong === 0 ? 0 : 1;

/** @returns how many runs differed */
async function chaos(folder: string, engine: EngineName): Promise<number> {
  const random = randomNumbers(wholeFlag('--seed', flags.seed, 0));
  const sizes = { steps: wholeFlag('--steps', flags.steps), cap: wholeFlag('--cap', flags.cap, 6) };
  const config = await writeDecideConfig(folder, sizes);
  const begun = performance.now();
  const undisturbed = await lockstep(folder, 'decide', config, '--engine', engine, '--quiet');
  if (undisturbed.code !== 0) throw new Error(`expected an end with 0: ${undisturbed.stderr}`);
  const withinMs = performance.now() - begun;
  const expected = await verdictsOf(await onlyRun(folder));
  console.log(`undisturbed: ${(withinMs / 1000).toFixed(1)} s, ${summary(expected)}`);
  let [done, wrong] = [0, 0];
  for (let run = 0; done < kills; run += 1) {
    const cwd = join(folder, `disturbed-${run}`);
    await mkdir(cwd);
    const disturbed = await disturb({
      ...{ cwd, config, engine, withinMs, random, start: startDecide },
      kills: Math.min(killsARun, kills - done),
      onKill: () => (done += 1),
    });
    const found = await verdictsOf(disturbed.run);
    const verified = await lockstep(cwd, 'verify', disturbed.run);
    const isSame = isDeepStrictEqual(found, expected) && verified.code === 0;
    if (!isSame || disturbed.wrong.length > 0) wrong += 1;
    const how = disturbed.kills.map(({ target, afterMs }) => `${target} after ${afterMs} ms`);
    const ended = [...(isSame ? ['same looks and verdict'] : [summary(found)]), ...disturbed.wrong];
    console.log(`run ${run}: killed ${how.join(', ') || 'never'}: ${ended.join('; ')}`);
  }
  console.log(`${done} kills: ${wrong} runs differed`);
  return wrong;
}

/** What was decided and how; how much was run ahead depends on the moment. */
async function verdictsOf(folder: string) {
  const verdicts = sequenceDocument(await readRun(folder)) ?? [];
  return verdicts.map(({ sequential: { unused: _, ...sequential }, ...verdict }) => {
    return { ...verdict, sequential };
  });
}

function summary(verdicts: Awaited<ReturnType<typeof verdictsOf>>): string {
  return verdicts
    .map(
      ({ decision, sequential: { looks } }) =>
        `${decision} at looks ${looks.map(({ n }) => n).join(', ')}`,
    )
    .join('; ');
}
