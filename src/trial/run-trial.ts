import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lastValueFrom, map, takeWhile } from 'rxjs';
import { checkpointPath } from '../checkpoint/checkpoints.js';
import type { Dataset } from '../data/dataset.js';
import { acquireLock } from '../files/lock.js';
import { jsonText, removeLeftovers, writeAtomic } from '../files/write-atomic.js';
import type { Outcome } from '../log/records.js';
import { score } from '../metrics/scores.js';
import { trialResult } from '../run/result.js';
import { sealTrial, unsealTrial } from '../run/seal.js';
import { readResult } from '../run/result.js';
import { createContenders } from './contenders.js';
import type { Contenders } from './contenders.js';
import { createEarlyStopping } from './early-stopping.js';
import type { EarlyStopping } from './early-stopping.js';
import { evaluateSplit } from './evaluate.js';
import { openJournal } from './journal.js';
import type { Journal } from './journal.js';
import { lockstep } from './lockstep.js';
import type { JoinedStep } from './lockstep.js';
import { isScheduledCheckpoint, milestones } from './milestones.js';
import type { TrialOptions } from './options.js';
import { scheduledRate } from './plan.js';
import { prepareBatches } from './prepare-batches.js';
import type { Batches, PreparedEvaluation } from './prepare-batches.js';
import { resumePoint } from './resume-point.js';
import type { ResumePoint } from './resume-point.js';
import {
  predictsOn,
  readBest,
  saveBest,
  saveCheckpoint,
  savePredictions,
  writeWeights,
} from './save.js';
import type { VariantSession } from '../variants/backend.js';
import { destroyAll, openSessions, requireDevice } from './sessions.js';
import type { Sessions } from './sessions.js';
import { evaluationFields, startFields, stepFields } from './trial-records.js';

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
 * @throws LockstepError when it failed; the log then ends with that reason, and every session is gone
 */
export async function runTrial(options: TrialOptions): Promise<Outcome> {
  const { plan, files, stop, onNotice } = options;
  const before = await readResult(files.result);
  if (before !== undefined) return before.outcome;
  const lock = await acquireLock(files.lock, `trial ${plan.trial.index}`, {
    patience: lockPatience,
    onWait: onNotice,
    stop,
  });
  try {
    // Whoever had the lock may have finished it.
    const result = await readResult(files.result);
    return result === undefined ? await resumeAndTrain(options) : result.outcome;
  } finally {
    await lock.release();
  }
}

async function resumeAndTrain(options: TrialOptions): Promise<Outcome> {
  const { plan, files } = options;
  await unsealTrial(files.folder);
  await removeLeftovers(files.folder);
  await removeLeftovers(join(files.folder, 'checkpoints'));
  await removeLeftovers(join(files.folder, 'best'));
  const start = await resumePoint(files, plan.configHash);
  await discardPassedOver(start, options);
  const journal = openJournal(options, start.records);
  try {
    return await openAndTrain(start, journal, options);
  } catch (error) {
    journal.endFailed(error);
    // The error being handled matters more than a list that could not be written.
    await sealTrial(files.folder).catch(() => undefined);
    throw error;
  } finally {
    journal.close();
  }
}

/** The log is cut back before such a checkpoint, and what cannot be read cannot be sealed: it is made anew. */
async function discardPassedOver(
  { checkpoint, passedOver }: ResumePoint,
  { files, onNotice }: TrialOptions,
): Promise<void> {
  for (const { step, reason } of passedOver) {
    const instead = checkpoint ? `step ${checkpoint.step}` : 'the beginning';
    onNotice(`checkpoint of step ${step} passed over, going on from ${instead}: ${reason}`);
    await rm(join(files.folder, checkpointPath(step)), { recursive: true, force: true });
  }
}

async function openAndTrain(
  start: ResumePoint,
  journal: Journal,
  options: TrialOptions,
): Promise<Outcome> {
  const { plan } = options;
  const contenders = createContenders(plan, start.records);
  const { earlyStopping: settings } = plan.config.training;
  const dataset = options.loadDataset();
  const batches = dataset.then((loaded) => prepareBatches(plan, loaded));
  // The backends start while this thread loads the dataset and fits the scaler.
  const opening = openSessions({
    ...options,
    variants: contenders.active,
    batches,
    checkpoint: start.checkpoint,
  });
  // Errors surface where these are awaited.
  batches.catch(() => undefined);
  opening.catch(() => undefined);
  try {
    return await train({
      options,
      start,
      journal,
      contenders,
      dataset: await dataset,
      batches: await batches,
      sessions: await opening,
      earlyStopping: settings && createEarlyStopping(settings, start.records),
    });
  } finally {
    await opening.then(destroyAll, () => undefined);
  }
}

interface Training {
  readonly options: TrialOptions;
  readonly start: ResumePoint;
  readonly journal: Journal;
  readonly contenders: Contenders;
  readonly dataset: Dataset;
  readonly batches: Batches;
  readonly sessions: Sessions;
  /** Absent where none is configured. */
  readonly earlyStopping: EarlyStopping | undefined;
}

async function train(training: Training): Promise<Outcome> {
  const { options, start, journal, contenders, batches } = training;
  const { plan, files, stop } = options;
  const { config } = plan;
  let done = start.checkpoint?.step ?? 0;
  const those = (names: readonly string[]) =>
    training.sessions.filter(({ variant }) => names.includes(variant));
  const active = () => those(contenders.active);
  const stillTraining = () => those(contenders.training);

  requireDevice(options.manifest, training.sessions);
  await begin(training);
  for (const milestone of milestones(config, done)) {
    if (contenders.training.length === 0) break;
    const steps = lockstep({
      sessions: stillTraining,
      from: done + 1,
      to: milestone.step,
      lookAhead,
      evaluate: config.evaluation.minibatch,
      learningRate: (variant, step) => scheduledRate(plan, variant, step),
      sample: batches.minibatch,
      stop,
    }).pipe(
      map((joined) => {
        recordStep(joined, training);
        done = joined.step;
        return contenders.canCompare;
      }),
      takeWhile((goesOn) => goesOn),
    );
    await lastValueFrom(steps, { defaultValue: undefined });

    if (contenders.canCompare && done < milestone.step) {
      if (done > 0) await writeWeights(options, active(), done);
      journal.end('interrupted', done, `stopped after step ${done}`);
      await sealTrial(files.folder);
      return 'interrupted';
    }
    for (const evaluation of milestone.evaluate ? batches.evaluations : []) {
      if (contenders.canCompare)
        await recordEvaluation(done, evaluation, stillTraining(), training);
    }
    if (!contenders.canCompare) break;
    if (milestone.evaluate) await stopEarly(done, stillTraining(), training);
    const isOver = contenders.training.length === 0;
    if (milestone.checkpoint || isOver) await saveCheckpoint(options, active(), journal, done);
  }

  const { reason } = contenders;
  const outcome = reason === undefined ? 'completed' : 'diverged';
  journal.end(outcome, done, reason);
  const result = jsonText(trialResult(journal.records, { point: plan.trial.point }));
  await sealTrial(files.folder, result);
  await writeAtomic(files.result, result);
  return outcome;
}

async function begin({ options, start, journal, sessions, contenders }: Training): Promise<void> {
  const { checkpoint, passedOver } = start;
  const { config } = options.plan;
  if (checkpoint === undefined) {
    journal.write(startFields(options.plan, sessions, options.manifest));
    if (config.checkpoint.initial) await saveCheckpoint(options, sessions, journal, 0);
    return;
  }
  const { step } = checkpoint;
  journal.write({ event: 'trial.resume', step, ...(passedOver.length > 0 && { passedOver }) });
  const isOver = contenders.training.length === 0;
  if (isScheduledCheckpoint(config, step) || isOver) journal.ensureCheckpoint(step);
}

function recordStep(joined: JoinedStep, { options, journal, contenders }: Training): void {
  const { minibatchMetrics } = options.plan;
  const replies = Object.entries(contenders.keep(joined.replies));
  const scored = Object.fromEntries(
    replies.map(([variant, reply]) => [variant, score(minibatchMetrics, reply)]),
  );
  journal.writeStep(stepFields(options.plan, joined, scored), joined.indices);
  for (const end of contenders.endDiverged(joined.step, scored)) journal.write(end);
}

/**
 * Keeps the weights of variants that were never better, and stops those whose patience is at an end; after
 * the last, all are evaluated once more with their best weights.
 */
async function stopEarly(step: number, sessions: Sessions, training: Training): Promise<void> {
  const { options, journal, contenders, batches, earlyStopping } = training;
  if (earlyStopping === undefined) return;
  const isLast = step === options.plan.steps;
  await saveBest(
    options,
    sessions.filter(({ variant }) => earlyStopping.bestStep(variant) === step),
    step,
  );
  for (const { variant } of sessions) {
    if (!isLast && !earlyStopping.isOver(variant)) continue;
    journal.write(earlyStopping.stop(variant, step));
    contenders.stop(variant);
  }
  if (contenders.training.length > 0) return;
  const best: VariantSession[] = [];
  try {
    for (const variant of contenders.active) {
      const tensors = await readBest(options, variant);
      const checkpoint = {
        step: earlyStopping.bestStep(variant)!,
        variants: { [variant]: tensors },
      };
      const opened = {
        ...options,
        variants: [variant],
        batches: Promise.resolve(batches),
        checkpoint,
      };
      best.push(...(await openSessions(opened)));
    }
    for (const evaluation of batches.evaluations) {
      await recordEvaluation(step, evaluation, best, training, true);
    }
  } finally {
    await destroyAll(best);
  }
}

/** @param isFinal whether nothing is evaluated after it */
async function recordEvaluation(
  step: number,
  evaluation: PreparedEvaluation,
  sessions: Sessions,
  { options, journal, contenders, dataset, earlyStopping }: Training,
  isFinal = earlyStopping === undefined && step === options.plan.steps,
): Promise<void> {
  const { plan } = options;
  const { split } = evaluation;
  const predict = isFinal && predictsOn(split, plan.config);
  const { metrics } = plan;
  const scored = await lastValueFrom(
    evaluateSplit({ ...evaluation, sessions, metrics, lookAhead, predict }),
  );
  if (predict) await savePredictions(options, dataset, step, scored);
  const fields = evaluationFields(step, evaluation, scored, isFinal && earlyStopping !== undefined);
  journal.write(fields);
  earlyStopping?.add(fields);
  for (const end of contenders.endDiverged(step, scored, ` on ${split}`)) journal.write(end);
}
