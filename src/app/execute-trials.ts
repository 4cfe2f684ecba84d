import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ignoreElements, lastValueFrom, tap } from 'rxjs';
import type { LiveHeader } from '../live/live-state.js';
import { engineEnvironment } from '../engines/environment.js';
import { engineGpus } from '../engines/status.js';
import { visibleDevices } from '../engines/visible-devices.js';
import { exitCodes } from '../protocol/index.js';
import type { LockstepError } from '../protocol/index.js';
import type { Manifest, Trial } from '../run/manifest.js';
import { readRecords } from '../run/read-run.js';
import { trialFiles } from '../run/run-directory.js';
import { automaticJobs } from '../schedule/automatic-jobs.js';
import { launchTrial } from '../schedule/executors/process.js';
import { runTrials } from '../schedule/run-trials.js';
import type { RunEvent } from '../schedule/run-trials.js';
import type { CommandContext, ExitCode } from '../cli/context.js';
import type { Output, Schedule } from '../cli/options.js';
import type { OutputLoss } from '../cli/output-loss.js';
import { renderError } from '../cli/render-error.js';
import { prepareReport, reportRun } from './summarize-run.js';
import { createScreen } from '../cli/views/screen.js';
import type { Screen } from '../cli/views/screen.js';

export interface ExecuteOptions {
  readonly manifest: Manifest;
  readonly runFolder: string;
  /** Those of the manifest's trials that are to run now. */
  readonly trials: readonly Trial[];
  readonly schedule: Schedule;
  readonly output: Output;
}

/**
 * Runs trials, shows them while they run and reports on the whole run when all have settled.
 * @returns 0, the exit code of the first trial that failed or diverged, or 130 when interrupted
 */
export async function executeTrials(
  options: ExecuteOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { manifest, runFolder, trials, schedule, output } = options;
  const shownFolder = relative(context.cwd, runFolder) || '.';
  const sessions = Object.keys(manifest.config.variants).length;
  const gpus = engineGpus(manifest.engine.name);
  const jobs =
    schedule.jobs === 'auto' ? automaticJobs(sessions, { gpus: gpus.length }) : schedule.jobs;
  const header = liveHeader(options, Math.min(jobs, trials.length), shownFolder);
  const screen = createScreen(header, output, context);
  const failures = new Map<number, LockstepError>();
  const show = (event: RunEvent) => {
    if (event.kind === 'record') screen.show(event.record);
    else if (event.kind === 'notice') screen.note(`trial ${event.trial}: ${event.text}`);
    else if (event.kind === 'settled') screen.settle(event.trial);
    else if (event.kind === 'failure') {
      failures.set(event.trial, event.error);
      if (schedule.failFast) failedFast.abort();
    }
  };
  const failedFast = new AbortController();
  const outputLost = new AbortController();
  let loss: OutputLoss | undefined;
  context.whenOutputIsLost((what) => {
    loss ??= what;
    outputLost.abort();
  });
  const stop = AbortSignal.any([context.stop, failedFast.signal, outputLost.signal]);
  const environment = (place: number) =>
    engineEnvironment(manifest.engine.name, {
      sessions,
      cores: Math.max(1, Math.floor(availableParallelism() / jobs)),
      inherited: context.env,
      visibleDevices: visibleDevices(place, {
        request: manifest.engine.device ?? 'auto',
        gpus: gpus.length,
        jobs,
        inherited: context.env.CUDA_VISIBLE_DEVICES,
      }),
    });
  try {
    screen.note(`engine ${manifest.engine.name}: ${manifest.engine.reason}`);
    await rememberEarlier(screen, runFolder, trials);
    prepareReport(manifest);
    await lastValueFrom(
      runTrials({
        trials,
        jobs,
        retries: schedule.retries,
        stop,
        launch: ({ index }, place) =>
          launchTrial({ runFolder, trial: index, environment: environment(place), stop }),
      }).pipe(tap(show), ignoreElements()),
      { defaultValue: undefined },
    );
  } finally {
    screen.dispose();
  }
  const stopped = context.stop.aborted || outputLost.signal.aborted;

  for (const error of failures.values()) {
    context.stderr.write(renderError(error, { stack: false }));
  }
  const { diverged } = await reportRun({ manifest, runFolder, header, output }, context);
  // A stream tells of a failed write a tick later.
  await setImmediate();
  if (loss?.kind === 'failed') throw loss.error;
  const [failure] = failures.values();
  if (failure !== undefined) return exitCodes[failure.code];
  if (stopped) {
    context.stderr.write(`Interrupted. Go on with: lockstep resume ${shownFolder}\n`);
    return exitCodes.interrupted;
  }
  return diverged ? exitCodes.diverged : 0;
}

function liveHeader({ manifest, trials }: ExecuteOptions, jobs: number, dir: string): LiveHeader {
  const { name, seeds } = manifest.config;
  const planned = manifest.trials.length;
  return { name, dir, seeds, trials: planned, finished: planned - trials.length, jobs };
}

/** Shows a view what it must have seen to show a resumed trial as if it had never stopped. */
async function rememberEarlier(
  screen: Screen,
  runFolder: string,
  trials: readonly Trial[],
): Promise<void> {
  for (const { index } of trials) {
    for await (const record of readRecords(trialFiles(runFolder, index).log)) {
      screen.remember(record);
    }
  }
}
