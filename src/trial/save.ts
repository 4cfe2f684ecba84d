import { forkJoin, lastValueFrom } from 'rxjs';
import { checkpointPath, pruneCheckpoints, writeCheckpoint } from '../checkpoint/checkpoints.js';
import type { ConfigInSteps } from '../run/config-in-steps.js';
import { testLabelsMd5 } from '../data/dataset.js';
import type { Dataset } from '../data/dataset.js';
import { writeAtomic } from '../files/write-atomic.js';
import { encodePredictions } from '../predictions/predictions-file.js';
import type { SplitName } from '../protocol/index.js';
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
    forkJoin(Object.fromEntries(sessions.map((session) => [session.variant, session.save()]))),
  );
  const variants = Object.fromEntries(
    Object.entries(saved).map(([name, { tensors }]) => [name, tensors]),
  );
  await writeCheckpoint(files.folder, plan.configHash, { step, variants });
  await pruneCheckpoints(files.folder, plan.config.checkpoint.keep);
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

/** Whether an evaluation is the one whose predictions are kept: on the test split, at the end. */
export function predictsAfter(
  step: number,
  split: SplitName,
  { evaluation, training }: Pick<ConfigInSteps, 'evaluation' | 'training'>,
): boolean {
  return evaluation.predictions === true && split === 'test' && step === training.steps;
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
