import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { timingOf } from '../../src/bench/timing.js';
import { jsonText, writeAtomic } from '../../src/files/write-atomic.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { madeUpManifest } from '../../test/support/made-up-run.js';
import { readAllRecords } from '../../test/support/read-all-records.js';
import { withTemporaryFolder } from '../../test/support/temporary-folder.js';
import { alternate } from '../alternate.js';
import { startLockstep } from '../tail/lockstep.js';
import { runId } from '../tail/made-up-run.js';
import { cpuMsOf, listen, serve } from './served.js';

const writer = fileURLToPath(new URL('../tail/write-logs.js', import.meta.url));

export interface FollowOptions {
  readonly followers: number;
  readonly trials: number;
  /** Records a second of each trial. */
  readonly rate: number;
  readonly seconds: number;
}

/**
 * Milliseconds from the write of a record until its values are with a page, over all records and all pages, and
 * what the server used meanwhile. A record's `time` has whole milliseconds.
 */
export function measureFollowers({ followers, trials, rate, seconds }: FollowOptions) {
  return withTemporaryFolder(async (folder) => {
    const run = join(folder, runId);
    const manifest = await madeUpManifest(
      Array.from({ length: trials }, (_, index) => ({ index, point: {}, seed: index })),
    );
    await mkdir(join(run, 'trials'), { recursive: true });
    await writeAtomic(join(run, 'manifest.json'), jsonText({ ...manifest, runId }));
    const { address, end } = await serve(folder);
    // Of `relu`; both values of a record go in one message.
    const arrived = Array.from({ length: followers }, () => new Map<string, number>());
    const stops = await Promise.all(
      arrived.map((own) =>
        listen(`${address}runs/${runId}/events`, (event, data) => {
          const now = Date.now();
          if (event !== 'progress') return;
          const { points } = JSON.parse(data) as { points: [number, string, number][] };
          for (const [trial, variant, step] of points) {
            if (variant === 'relu') own.set(`${trial} ${step}`, now);
          }
        }),
      ),
    );
    await sleep(1000);
    const before = await cpuMsOf(address);
    await promisify(execFile)(process.execPath, [
      writer,
      run,
      ...[trials, rate, seconds].map(String),
    ]);
    const cpuMs = (await cpuMsOf(address)) - before;
    await sleep(1000);
    for (const stop of stops) stop();
    const { peakMiB } = await end();
    const latencies: number[] = [];
    for (let trial = 0; trial < trials; trial += 1) {
      for (const record of await readAllRecords(trialFiles(run, trial).log)) {
        if (record.event !== 'step') continue;
        for (const own of arrived) {
          const at = own.get(`${trial} ${record.step}`);
          if (at !== undefined) latencies.push(at - record.time);
        }
      }
    }
    const expected = followers * trials * rate * seconds;
    latencies.sort((a, b) => a - b);
    const quantile = (q: number) =>
      latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))]!;
    return {
      ...{ records: expected, arrived: latencies.length },
      ...{ p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: quantile(1) },
      ...{ cpuPercent: cpuMs / (10 * seconds), peakMiB },
    };
  });
}

/** Milliseconds of a paired step with nobody looking and with pages that follow, in alternation. */
export async function measureTraining(
  followers: number,
  { rounds, steps, config }: { rounds: number; steps: number; config: string },
) {
  const { ratios: _, ...medians } = await alternate(rounds, (isFollowed) =>
    pairedStepMs(isFollowed ? followers : 0, steps, config),
  );
  return medians;
}

function pairedStepMs(followers: number, steps: number, config: string): Promise<number> {
  return withTemporaryFolder(async (out) => {
    const served = followers === 0 ? undefined : await serve(out);
    const run = startLockstep(
      ...['run', config, '--engine', 'wasm', '--out', out, '--quiet'],
      ...['--set', `training.steps=${steps}`],
    );
    run.child.stdout.resume();
    let id: string | undefined;
    while (id === undefined) {
      await sleep(100);
      if (served === undefined) break;
      const { runs } = (await (await fetch(`${served.address}api/runs`)).json()) as {
        runs: { id: string }[];
      };
      id = runs[0]?.id;
    }
    const stops = await Promise.all(
      Array.from({ length: followers }, () =>
        listen(`${served!.address}runs/${id!}/events`, () => undefined),
      ),
    );
    const { code, stderr } = await run.ended;
    if (code !== 0) throw new Error(stderr);
    for (const stop of stops) stop();
    await served?.end();
    const records = await readAllRecords(trialFiles(join(out, 'latest'), 0).log);
    return timingOf(records, 5).paired;
  });
}
