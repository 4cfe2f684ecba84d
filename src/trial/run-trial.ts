import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { checkpointPath } from '../checkpoint/checkpoints.js';
import { configHash } from '../config/hash.js';
import { variantSpecs } from '../config/variants.js';
import { jsonText, removeLeftovers, writeAtomic } from '../files/write-atomic.js';
import { acquireLock } from '../files/lock.js';
import type { Dataset } from '../data/dataset.js';
import type { Outcome } from '../log/records.js';
import { evaluateSplit } from './evaluate.js';
import { lockstep } from './lockstep.js';
import { LockstepError } from '../protocol/index.js';
import { trialResult } from '../run/result.js';
import type { Manifest } from '../run/manifest.js';
import { sealTrial, unsealTrial } from '../run/seal.js';
import { readResult } from '../run/trial-state.js';
import { openJournal } from './journal.js';
import type { Journal } from './journal.js';
import { isScheduledCheckpoint, milestones } from './milestones.js';
import { openSessions } from './open-sessions.js';
import type { Sessions } from './open-sessions.js';
import { prepareBatches } from './prepare-batches.js';
import type { Batches } from './prepare-batches.js';
import { resumePoint } from './resume-point.js';
import type { ResumePoint } from './resume-point.js';
import { saveCheckpoint, writeWeights } from './save.js';
import { predictsAfter, savePredictions } from './save-predictions.js';
import type { TrialOptions } from './options.js';
import { trialConfig } from './trial-config.js';
import { evaluationFields, requireFinite, startFields, stepFields } from './trial-records.js';

/** How many steps may be under way beyond the oldest unfinished one. */
const lookAhead = 2;

/**
 * Milliseconds to wait for another process that trains the trial: one whose launcher was killed
 * finishes its step and saves a checkpoint before it ends.
 */
const lockPatience = 30_000;

/**
 * Trains all variants of a trial in lockstep, from its newest checkpoint or from the beginning, and
 * leaves its log, checkpoints and (unless interrupted) result.json. A trial that has its result is left
 * as it is.
 * @returns how it ended: `completed`, `diverged` or `interrupted`
 * @throws LockstepError when it failed; the log then ends with that reason, and every thread is gone
 */
export async function runTrial(options: TrialOptions): Promise<Outcome> {
  const { trial, files, stop, onNotice } = options;
  const before = await readResult(files.result);
  if (before !== undefined) return before.outcome;
  const lock = await acquireLock(files.lock, `trial ${trial.index}`, {
    patience: lockPatience,
    onWait: onNotice,
    stop,
  });
  try {
    // Who had the lock may have finished it.
    const result = await readResult(files.result);
    return result === undefined ? await train(options) : result.outcome;
  } finally {
    await lock.release();
  }
}

async function train(options: TrialOptions): Promise<Outcome> {
  const { manifest, trial, files } = options;
  const config = trialConfig(manifest, trial);
  const variants = variantSpecs(config);
  await unsealTrial(files.folder);
  await removeLeftovers(files.folder);
  await removeLeftovers(join(files.folder, 'checkpoints'));
  const start = await resumePoint(files, configHash(config));
  for (const { step, reason } of start.passedOver) {
    const instead = start.checkpoint ? `step ${start.checkpoint.step}` : 'the beginning';
    options.onNotice(`checkpoint of step ${step} passed over, going on from ${instead}: ${reason}`);
    // The log is cut back before it, and what cannot be read cannot be sealed: it is made anew.
    await rm(join(files.folder, checkpointPath(step)), { recursive: true, force: true });
  }
  const dataset = options.loadDataset();
  const preparing = dataset.then((loaded) =>
    prepareBatches({ config, variants, dataset: loaded, seed: trial.seed }),
  );
  // The threads load their engines while this one loads the dataset and fits the scaler.
  const opening = openSessions({
    ...options,
    variants,
    batches: preparing,
    checkpoint: start.checkpoint,
  });
  // What goes wrong with them is told where they are awaited.
  preparing.catch(() => undefined);
  opening.catch(() => undefined);
  try {
    return await trainFrom(start, await dataset, preparing, opening, options);
  } finally {
    await opening.then(
      (sessions) => sessions.destroy(),
      () => undefined,
    );
  }
}

async function trainFrom(
  { checkpoint, records, passedOver }: ResumePoint,
  dataset: Dataset,
  preparing: Promise<Batches>,
  opening: Promise<Sessions>,
  options: TrialOptions,
): Promise<Outcome> {
  const { manifest, trial, files, stop } = options;
  const config = trialConfig(manifest, trial);
  const journal = openJournal(options, records);
  let done = checkpoint?.step ?? 0;

  try {
    const batches = await preparing;
    const sessions = await opening;
    requireDevice(manifest, sessions);
    if (checkpoint === undefined) {
      journal.write(startFields(options, variantSpecs(config), sessions));
      if (config.checkpoint.initial) await saveCheckpoint(options, sessions, journal, 0);
    } else {
      journal.write({
        event: 'trial.resume',
        step: done,
        ...(passedOver.length > 0 && { passedOver }),
      });
      if (isScheduledCheckpoint(config, done)) journal.ensureCheckpoint(done);
    }

    for (const milestone of milestones(config, done)) {
      const steps = lockstep({
        ...sessions,
        from: done + 1,
        to: milestone.step,
        lookAhead,
        evaluate: config.evaluation.minibatch,
        sample: batches.minibatch,
        stop,
      }).pipe(
        tap((joined) => {
          journal.writeStep(stepFields(joined), joined.indices);
          done = joined.step;
          requireFinite(joined);
        }),
      );
      await lastValueFrom(steps, { defaultValue: undefined });

      if (done < milestone.step) {
        if (done > 0) await writeWeights(options, sessions, done);
        journal.end('interrupted', done, `stopped after step ${done}`);
        await sealTrial(files.folder);
        return 'interrupted';
      }
      if (milestone.evaluate) {
        for (const evaluation of batches.evaluations) {
          const predict = predictsAfter(done, evaluation, config);
          const metrics = await lastValueFrom(
            evaluateSplit({ ...sessions, ...evaluation, lookAhead, predict }),
          );
          if (predict) await savePredictions(options, dataset, done, metrics);
          journal.write(evaluationFields(done, evaluation, metrics));
        }
      }
      if (milestone.checkpoint) await saveCheckpoint(options, sessions, journal, done);
    }

    journal.end('completed', done);
    await writeResult(options, journal);
    return 'completed';
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'diverged') {
      journal.end('diverged', done, error.message);
      await writeResult(options, journal);
      return 'diverged';
    }
    journal.endFailed(done, error);
    // The error being handled matters more than a list that could not be written.
    await sealTrial(files.folder).catch(() => undefined);
    throw error;
  } finally {
    journal.close();
  }
}

/** A GPU can be listed by its driver and yet not be had. */
function requireDevice({ engine }: Manifest, { opened }: Sessions): void {
  for (const [variant, { engine: actual }] of Object.entries(opened)) {
    if (engine.device !== 'gpu' || actual.device === 'gpu') continue;
    throw new LockstepError(
      'usage',
      `Expected a GPU for the variant ${variant}, as asked for, got ${actual.device}.`,
      {
        hint: 'See what `nvidia-smi` shows and what `npx lockstep setup --gpu` says, or leave out --device.',
      },
    );
  }
}

async function writeResult({ trial, files }: TrialOptions, journal: Journal): Promise<void> {
  const result = jsonText(trialResult(journal.records, { point: trial.point }));
  await sealTrial(files.folder, result);
  await writeAtomic(files.result, result);
}
