import { forkJoin, lastValueFrom } from 'rxjs';
import { checkpointPath, pruneCheckpoints, writeCheckpoint } from '../checkpoint/checkpoints.js';
import type { Journal } from './journal.js';
import type { Sessions } from './open-sessions.js';
import type { TrialOptions } from './options.js';
import { trialConfig, trialConfigHash } from './trial-config.js';

/** Writes every variant's weights after `step`; only the newest `checkpoint.keep` stay. */
export async function writeWeights(
  { manifest, trial, files }: TrialOptions,
  { sessionId, pools }: Sessions,
  step: number,
): Promise<void> {
  const saved = await lastValueFrom(
    forkJoin(
      Object.fromEntries(pools.map((pool) => [pool.variant, pool.run('save', { sessionId })])),
    ),
  );
  const variants = Object.fromEntries(
    Object.entries(saved).map(([name, { tensors }]) => [name, tensors]),
  );
  await writeCheckpoint(files.folder, trialConfigHash(manifest, trial), { step, variants });
  const { keep } = trialConfig(manifest, trial).checkpoint;
  await pruneCheckpoints(files.folder, keep);
}

/** {@link writeWeights}, then the log's record of it: the log never names what is not there. */
export async function saveCheckpoint(
  options: TrialOptions,
  sessions: Sessions,
  journal: Journal,
  step: number,
): Promise<void> {
  await writeWeights(options, sessions, step);
  journal.write({ event: 'checkpoint', step, path: checkpointPath(step) });
}
