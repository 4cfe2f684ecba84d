import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { logSchemaVersion } from '../../src/log/constants.js';
import type { RecordFields } from '../../src/log/trial-log.js';
import { trialFiles } from '../../src/run/run-directory.js';

export const runId = 'made-up-20260101T000000Z-abcdef';
const digest = '0123456789abcdef';

/** A run's folder under `folder` as far as a follower needs it: its manifest, and no log yet. */
export async function makeRun(folder: string, trials: number): Promise<string> {
  const run = join(folder, runId);
  const manifest = {
    schemaVersion: 1,
    runId,
    config: { name: 'made-up', seeds: [1], variants: { relu: {}, snn: {} } },
    trials: Array.from({ length: trials }, (_, index) => ({ index, point: {}, seed: index })),
  };
  await mkdir(join(run, 'trials'), { recursive: true });
  await writeFile(join(run, 'manifest.json'), JSON.stringify(manifest));
  return run;
}

/** A step's record as long as a real one; `loss` falls from 1 to 0 over 1000 steps and over again. */
export function stepFields(step: number): RecordFields {
  const loss = 1 - (step % 1000) / 1000;
  const measured = {
    scores: { loss: loss + 1e-9 * (step % 999_983), accuracy: 0.4921875 },
    counts: { correct: 63 },
    inputDigest: digest,
    indicesDigest: digest,
    trainMs: 118.3217,
    evalMs: 54.9132,
  };
  return {
    event: 'step',
    step,
    epoch: Math.floor(step / 429),
    batch: { indicesDigest: digest, targetsDigest: digest },
    variants: { relu: measured, snn: measured },
  };
}

/** Writes the log of trial 0: steps without an end. @returns its bytes */
export async function writeLongLog(
  run: string,
  until: { readonly steps?: number; readonly bytes?: number },
): Promise<number> {
  const { folder, log } = trialFiles(run, 0);
  await mkdir(folder, { recursive: true });
  const { steps = Infinity, bytes = Infinity } = until;
  let written = 0;
  function* chunks(): Generator<string> {
    for (let step = 1; step <= steps && written < bytes;) {
      let chunk = '';
      for (; step <= steps && chunk.length < 1 << 18; step += 1) {
        const common = {
          level: 30,
          time: 1.7e12 + step,
          schemaVersion: logSchemaVersion,
          runId,
          trial: 0,
          seed: 0,
        };
        chunk += `${JSON.stringify({ ...common, seq: step, ...stepFields(step) })}\n`;
      }
      written += chunk.length;
      yield chunk;
    }
  }
  await pipeline(Readable.from(chunks()), createWriteStream(log));
  return written;
}
