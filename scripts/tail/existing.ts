import { withTemporaryFolder } from '../../test/support/temporary-folder.js';
import { startLockstep } from './lockstep.js';
import { makeRun, writeLongLog } from './made-up-run.js';

export interface Shown {
  readonly records: number;
  /** From the start of the command to its end. */
  readonly ms: number;
  /** Of a processor. */
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/** Shows what a log has, filtered, as a pipe gets it: `tail --no-follow --json --where ...`. */
export async function showFiltered(run: string): Promise<Shown> {
  const start = performance.now();
  const where = ['--where', 'variants.snn.scores.loss<0.2'];
  const tail = startLockstep('tail', run, '--no-follow', '--json', ...where);
  let records = 0;
  tail.child.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) records += 1;
  });
  const { code, peakMiB, cpuMs, stderr } = await tail.ended;
  if (code !== 0) throw new Error(`expected the tail to end with 0, got ${code}:\n${stderr}`);
  return { records, ms: performance.now() - start, cpuMs, peakMiB };
}

/** Shows a log of so many steps, or so many bytes, several times. */
export async function measureExisting(
  until: { readonly steps?: number; readonly bytes?: number },
  rounds: number,
): Promise<{ readonly bytes: number; readonly shown: readonly Shown[] }> {
  return withTemporaryFolder(async (folder) => {
    const run = await makeRun(folder, 1);
    const bytes = await writeLongLog(run, until);
    const shown: Shown[] = [];
    for (let round = 0; round < rounds; round += 1) shown.push(await showFiltered(run));
    return { bytes, shown };
  });
}
