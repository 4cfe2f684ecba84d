/**
 * Kills sweeps with signal 9 at random moments (a trial, the process that schedules them, or everything),
 * resumes them until they are done, and holds what they left against an undisturbed run's:
 * `npm run chaos`. Ends with 1 on a difference.
 *
 *     --kills N    (default 20)
 *     --seed N     of the moments and of what is killed (default 1)
 *     --steps N    of each of the four trials (default 150)
 *     --engine E   (default wasm)
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineNames } from '../src/protocol/index.js';
import type { EngineName } from '../src/protocol/index.js';
import { disturb, startSweep, writeChaosConfig } from '../test/support/chaos.js';
import { runDifferences } from '../test/support/compare-runs.js';
import { lockstep, onlyRun } from '../test/support/lockstep.js';
import { processesNaming } from '../test/support/processes.js';
import { randomNumbers } from '../test/support/random-numbers.js';
import { withTemporaryFolder } from '../test/support/temporary-folder.js';

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '150' },
    engine: { type: 'string', default: 'wasm' },
  },
});
const engine = engineNames.find((name) => name === flags.engine);
if (engine === undefined) {
  throw new Error(`--engine: expected one of ${engineNames.join(', ')}, got ${flags.engine}`);
}
/** A run that is never left alone takes too long; then the next one is killed. */
const killsARun = 4;

const wrong = await withTemporaryFolder((folder) => chaos(folder, engine));
process.exitCode = wrong === 0 ? 0 : 1;

/** @returns how many things were wrong */
async function chaos(folder: string, engine: EngineName): Promise<number> {
  const random = randomNumbers(Number(flags.seed));
  const config = await writeChaosConfig(folder, { steps: Number(flags.steps), seeds: 2 });
  const begun = performance.now();
  const { code, stderr } = await startSweep(folder, config, engine).finished;
  if (code !== 0) throw new Error(`expected the undisturbed sweep to end with 0: ${stderr}`);
  const withinMs = performance.now() - begun;
  const undisturbed = await onlyRun(folder);
  console.log(`undisturbed: ${(withinMs / 1000).toFixed(1)} s`);

  let kills = 0;
  let wrong = 0;
  const killed = { trial: 0, scheduler: 0, everything: 0 };
  let runs = 0;
  for (; kills < Number(flags.kills); runs += 1) {
    const cwd = join(folder, `disturbed-${runs}`);
    await mkdir(cwd);
    const left = Math.min(killsARun, Number(flags.kills) - kills);
    const disturbed = await disturb({
      ...{ cwd, config, engine, kills: left, withinMs, random },
      onKill({ target, afterMs, resuming }) {
        kills += 1;
        killed[target] += 1;
        const command = resuming ? 'resume' : 'sweep';
        console.log(`kill ${kills}: run ${runs}, ${target} of ${command} after ${afterMs} ms`);
      },
    });
    const found = [...disturbed.wrong];
    if (found.length === 0) {
      found.push(...(await runDifferences(undisturbed, disturbed.run)));
      const verified = await lockstep(cwd, 'verify', disturbed.run);
      if (verified.code !== 0) found.push(`verify ended with ${verified.code}: ${verified.stdout}`);
      const processes = processesNaming(cwd);
      if (processes.length > 0) found.push(`processes left: ${processes.join(', ')}`);
    }
    wrong += found.length;
    console.log(`run ${runs}: ${found.length === 0 ? 'as undisturbed' : found.join('\n  ')}`);
  }
  const each = Object.entries(killed).map(([target, times]) => `${target} ${times}`);
  console.log(`${kills} kills (${each.join(', ')}) of ${runs} runs: ${wrong} things wrong`);
  return wrong;
}
