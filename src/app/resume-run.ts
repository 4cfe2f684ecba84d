import { LockstepError } from '../protocol/index.js';
import { readForcedResumes, recordForcedResume } from '../run/resumes.js';
import type { Change } from '../run/resumes.js';
import { checkPoints } from '../run/check-points.js';
import { extended, seedsToAdd, writeExtensions } from '../run/extensions.js';
import { changeLines, changesHere } from '../run/changes-here.js';
import { dataSources } from '../run/data-sources.js';
import type { Manifest } from '../run/manifest.js';
import { readTrainedRun } from '../run/read-run.js';
import type { Run } from '../run/read-run.js';
import { readManifest, withRunLock } from '../run/run-directory.js';
import { openTrials } from '../run/spared-trials.js';
import { executeTrials } from './execute-run.js';
import type { FinishedRun, Schedule, TrialsToRun } from './execute-run.js';
import { memoryOf } from './plan-run.js';
import type { StartProgress, Surroundings } from './surroundings.js';

export interface ResumeRequest {
  /** Absolute. */
  readonly runFolder: string;
  /** Accept what changed since the run started, on record. */
  readonly force: boolean;
  /** Run failed trials again, too. */
  readonly failed: boolean;
  /** All seeds that the run is to have from now on; absent: those that it has. */
  readonly seeds?: readonly number[] | undefined;
}

/**
 * Finishes what a run has not finished, with seeds added to it or not.
 * @throws LockstepError `usage` for a folder that holds no run, and where configuration, data or code changed
 */
export async function resumeRun(
  { runFolder, force, failed, seeds }: ResumeRequest,
  schedule: Schedule,
  startProgress: StartProgress,
  surroundings: Surroundings,
): Promise<FinishedRun> {
  // A folder that holds no run gets no lock.
  await readManifest(runFolder);
  return withRunLock(runFolder, async () => {
    const run = await readTrainedRun(runFolder);
    const added = seeds === undefined ? [] : seedsToAdd(run.manifest, seeds);
    const left = failed ? [] : run.trials.filter(({ state }) => state === 'failed');
    const manifest = added.length === 0 ? run.manifest : extendedBy(run, added, surroundings);
    const unfinished = openTrials({ manifest, trials: run.trials }, failed);
    const trials = [...unfinished, ...manifest.trials.slice(run.trials.length)];
    const toRun = { manifest, runFolder, trials, schedule };
    if (trials.length > 0) await requireUnchanged(toRun, force, surroundings);
    if (added.length > 0) await writeExtensions(runFolder, manifest);
    return { ...(await executeTrials(toRun, startProgress, surroundings)), left };
  });
}

function extendedBy(
  { manifest, trials }: Run<Manifest>,
  seeds: readonly number[],
  { clock }: Surroundings,
): Manifest {
  const hadResults = trials.some(({ result }) => result !== undefined);
  return extended(manifest, { time: new Date(clock()).toISOString(), seeds, hadResults });
}

/**
 * With `force` records what changed since the run started, and accepts it.
 * @throws LockstepError `usage` without it, and where the run's engine is not here
 */
async function requireUnchanged(
  { runFolder, manifest, trials, schedule }: TrialsToRun,
  force: boolean,
  { clock }: Surroundings,
): Promise<void> {
  const { config, engine } = manifest;
  const memory = memoryOf(engine.name, { device: engine.device ?? 'auto', jobs: schedule.jobs });
  const changes = await changesHere(manifest, {
    sources: dataSources(config),
    onDataset(dataset, data) {
      checkPoints(config, dataset, memory, (error) => error, data);
    },
  });
  if (changes.length > 0 && !force) throw changed(runFolder, changes);
  // Trials train on what the last record says, so one is due also where all was restored.
  if (changes.length === 0 && (await readForcedResumes(runFolder)).length === 0) return;
  const record = { time: clock(), trials: trials.map(({ index }) => index), changes };
  recordForcedResume(runFolder, record);
}

function changed(runFolder: string, changes: readonly Change[]): LockstepError {
  return new LockstepError(
    'usage',
    `${runFolder}: expected the inputs that the run started with, but these changed:\n${changeLines(changes)}`,
    { hint: 'Restore them, or accept the changes with --force, which is recorded.' },
  );
}
