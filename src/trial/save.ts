import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { forkJoin, lastValueFrom } from 'rxjs';
import { checkpointPath, pruneCheckpoints, writeCheckpoint } from '../checkpoint/checkpoints.js';
import { decodeSafetensors, encodeSafetensors } from '../checkpoint/safetensors.js';
import { readBytes } from '../files/read.js';
import type { ConfigInSteps } from '../run/config-in-steps.js';
import { testLabelsMd5 } from '../data/dataset.js';
import type { Dataset } from '../data/dataset.js';
import { writeAtomic } from '../files/write-atomic.js';
import { encodePredictions } from '../predictions/predictions-file.js';
import { LockstepError } from '../protocol/index.js';
import type { SplitName, TensorMap } from '../protocol/index.js';
import type { SplitScored } from './evaluate.js';
import type { Journal } from './journal.js';
import type { TrialOptions } from './options.js';
import type { Sessions } from './sessions.js';

type SaveOptions = Pick<TrialOptions, 'plan' | 'files'>;

/** Writes the weights after `step` of every variant that trains; only the newest `checkpoint.keep` stay. */
export async function writeWeights(
  { plan, files }: SaveOptions,
  sessions: Sessions,
  step: number,
): Promise<void> {
  const saved = await lastValueFrom(
    forkJoin(
      Object.fromEntries(
        sessions.map((session) => [session.variant, session.save({ checkpoint: step })]),
      ),
    ),
  );
  const states = Object.entries(saved);
  const variants = Object.fromEntries(
    states.flatMap(([name, { tensors }]) => (tensors === undefined ? [] : [[name, tensors]])),
  );
  const unsaved = states.flatMap(([name, { tensors }]) => (tensors === undefined ? [name] : []));
  await writeCheckpoint(files.folder, plan.configHash, { step, variants, unsaved });
  await pruneCheckpoints(files.folder, plan.config.checkpoint.keep);
}

/** Keeps the weights of variants whose evaluation was their best so far. */
export async function saveBest(
  { files }: SaveOptions,
  sessions: Sessions,
  step: number,
): Promise<void> {
  await mkdir(join(files.folder, 'best'), { recursive: true });
  for (const session of sessions) {
    const { variant } = session;
    const { tensors } = await lastValueFrom(session.save('best'));
    if (tensors === undefined) {
      throw new LockstepError('bug', `expected the weights of ${variant}, got none`);
    }
    const bytes = encodeSafetensors(tensors, { variant, step: String(step) });
    await writeAtomic(bestPath(files.folder, variant), bytes);
  }
}

/**
 * The weights that {@link saveBest} kept of a variant.
 * @throws LockstepError `data` where they are not there
 */
export async function readBest({ files }: SaveOptions, variant: string): Promise<TensorMap> {
  const path = bestPath(files.folder, variant);
  const bytes = await readBytes(path);
  if (bytes !== undefined) return decodeSafetensors(bytes, path);
  throw new LockstepError('data', `${path}: expected the best weights of ${variant}, got none`);
}

function bestPath(folder: string, variant: string): string {
  return join(folder, 'best', `${variant}.safetensors`);
}

/** {@link writeWeights}, then the log's record of it: the log never names what is not there. */
export async function saveCheckpoint(
  options: SaveOptions,
  sessions: Sessions,
  journal: Journal,
  step: number,
): Promise<void> {
  await writeWeights(options, sessions, step);
  journal.write({ event: 'checkpoint', step, path: checkpointPath(step) });
}

/** Whether the predictions of a split's last evaluation are kept. */
export function predictsOn(
  split: SplitName,
  { evaluation }: Pick<ConfigInSteps, 'evaluation'>,
): boolean {
  return evaluation.predictions === true && split === 'test';
}

/** Writes the trial's predictions; before the last checkpoint, after which nothing is evaluated again. */
export async function savePredictions(
  { plan, files }: SaveOptions,
  dataset: Dataset,
  step: number,
  scored: Readonly<Record<string, SplitScored>>,
): Promise<void> {
  const own = Object.entries(scored);
  const variants = Object.fromEntries(own.map(([name, { predictions }]) => [name, predictions!]));
  const confidences = Object.fromEntries(
    own.flatMap(([name, { confidences }]) => (confidences ? [[name, confidences]] : [])),
  );
  const labelsMd5 = testLabelsMd5(dataset);
  await writeAtomic(
    files.predictions,
    encodePredictions({ seed: plan.trial.seed, step, labelsMd5, variants, confidences }),
  );
}
