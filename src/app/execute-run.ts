import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ignoreElements, lastValueFrom, tap } from 'rxjs';
import { engineEnvironment } from '../engines/environment.js';
import { engineGpus } from '../engines/status.js';
import { visibleDevices } from '../engines/visible-devices.js';
import type { LockstepError } from '../protocol/index.js';
import type { Manifest, Trial } from '../run/manifest.js';
import { readRecords } from '../log/read.js';
import { followLooks } from '../run/looks.js';
import type { RunTrial } from '../run/read-trial.js';
import { createLookNews } from '../report/look-text.js';
import { createRunDirectory, trialFiles, withRunLock } from '../run/run-directory.js';
import { automaticJobs } from '../schedule/automatic-jobs.js';
import { fixedCourse } from '../schedule/course.js';
import type { Course } from '../schedule/course.js';
import type { CreateExecutor } from '../schedule/executors/executor.js';
import { lookCourse } from '../schedule/look-course.js';
import { runTrials } from '../schedule/run-trials.js';
import type { RunEvent } from '../schedule/run-trials.js';
import { prepareFigure, summarizeFinished } from './summarize-run.js';
import type { Findings } from './summarize-run.js';
import type { Progress, StartProgress, Surroundings } from './surroundings.js';

export interface Schedule {
  /** How many trials run at the same time; `auto`: as many as cores and memory allow. */
  readonly jobs: number | 'auto';
  /** How many more times a trial is started that lost its process, engine or worker. */
  readonly retries: number;
  /** Stop the other trials when one fails. */
  readonly failFast: boolean;
  /** Milliseconds without a record after which a trial counts as lost; 0: never. */
  readonly stallTimeout: number;
  readonly createExecutor: CreateExecutor;
}

export interface TrialsToRun {
  readonly manifest: Manifest;
  /** Absolute. */
  readonly runFolder: string;
  /** Those of the manifest's trials that are to run now. */
  readonly trials: readonly Trial[];
  readonly schedule: Schedule;
}

export interface TrialFailure {
  readonly trial: number;
  readonly error: LockstepError;
}

/** How a run came out, when its trials have settled or were stopped. */
export interface FinishedRun extends Findings {
  readonly manifest: Manifest;
  readonly runFolder: string;
  /** The trials that failed now, in the order in which they did. */
  readonly failures: readonly TrialFailure[];
  /** It was stopped before all was done. */
  readonly interrupted: boolean;
  /** Trials that failed earlier and were left alone. */
  readonly left: readonly RunTrial[];
  /** The command that goes on where it was interrupted. Absent: `lockstep resume` with the run's folder. */
  readonly again?: string;
}

/** Freezes a run and trains it. @param out the folder that runs are made in */
export async function startRun(
  manifest: Manifest,
  out: string,
  schedule: Schedule,
  startProgress: StartProgress,
  surroundings: Surroundings,
): Promise<FinishedRun> {
  const runFolder = await createRunDirectory(resolve(surroundings.cwd, out), manifest);
  const { trials } = manifest;
  return withRunLock(runFolder, () =>
    executeTrials({ manifest, runFolder, trials, schedule }, startProgress, surroundings),
  );
}

/** Runs trials of a run that this process has locked, and draws up what the whole run found. */
export async function executeTrials(
  options: TrialsToRun,
  startProgress: StartProgress,
  { stop, env }: Surroundings,
): Promise<FinishedRun> {
  const { manifest, runFolder, trials, schedule } = options;
  const sessions = Object.keys(manifest.config.variants).length;
  const gpus = engineGpus(manifest.engine.name).length;
  const jobs = schedule.jobs === 'auto' ? automaticJobs(sessions, { gpus }) : schedule.jobs;
  const shownJobs = Math.min(jobs, trials.length);
  const progress = startProgress({ manifest, runFolder, trials, jobs: shownJobs });
  const failures: TrialFailure[] = [];
  const failedFast = new AbortController();
  const show = (event: RunEvent) => {
    if (event.kind === 'record') progress.show(event.record);
    else if (event.kind === 'notice') progress.note(`trial ${event.trial}: ${event.text}`);
    else if (event.kind === 'settled') progress.settle(event.trial);
    else if (event.kind === 'failure') {
      failures.push(event);
      if (schedule.failFast) failedFast.abort();
    }
  };
  const environment = environmentOf(manifest, jobs, env);
  try {
    progress.note(`engine ${manifest.engine.name}: ${manifest.engine.reason}`);
    await rememberEarlier(progress, runFolder, trials);
    prepareFigure(manifest);
    const course = await courseOf(options, progress);
    await lastValueFrom(
      runTrials({
        course,
        executor: schedule.createExecutor({ runFolder, slots: jobs, environment }),
        retries: schedule.retries,
        stallTimeout: schedule.stallTimeout,
        stop: AbortSignal.any([stop, failedFast.signal]),
      }).pipe(tap(show), ignoreElements()),
      { defaultValue: undefined },
    );
  } finally {
    progress.dispose();
  }
  const interrupted = stop.aborted;
  const findings = await summarizeFinished(manifest, runFolder);
  return { manifest, runFolder, failures, interrupted, left: [], ...findings };
}

/** The variables of the processes that run a trial each, by slot. @param jobs that run at the same time */
export function environmentOf(
  { config, engine }: Manifest,
  jobs: number,
  inherited: Surroundings['env'],
): (slot: number) => Record<string, string> {
  const gpus = engineGpus(engine.name).length;
  return (slot) =>
    engineEnvironment(engine.name, {
      sessions: Object.keys(config.variants).length,
      cores: Math.max(1, Math.floor(availableParallelism() / jobs)),
      inherited,
      visibleDevices: visibleDevices(slot, {
        request: engine.device ?? 'auto',
        gpus,
        jobs,
        inherited: inherited.CUDA_VISIBLE_DEVICES,
      }),
    });
}

/** The course of the trials, which shows what looks at their results tell. */
async function courseOf(
  { manifest, runFolder, trials }: TrialsToRun,
  progress: Progress,
): Promise<Course> {
  const follow = followLooks(manifest);
  if (follow === undefined) return fixedCourse(trials);
  const newsOf = createLookNews(manifest);
  return lookCourse({
    ...{ manifest, runFolder, trials, follow },
    onLook(look, isNew) {
      for (const { line, spared } of newsOf(look)) {
        progress.drop(spared, line);
        // The lines of earlier processes were shown then.
        if (isNew) progress.note(line);
      }
    },
  });
}

/** Shows what a view must have seen to show a resumed trial as if it had never stopped. */
async function rememberEarlier(
  progress: Progress,
  runFolder: string,
  trials: readonly Trial[],
): Promise<void> {
  for (const { index } of trials) {
    for await (const record of readRecords(trialFiles(runFolder, index).log)) {
      progress.remember(record);
    }
  }
}
