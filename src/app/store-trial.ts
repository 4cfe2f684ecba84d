import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ignoreElements, lastValueFrom, tap } from 'rxjs';
import type { Config } from '../config/schema.js';
import { pause } from '../files/pause.js';
import { isProcessAlive } from '../files/processes.js';
import { attemptUpload } from '../machines/attempt-upload.js';
import type { AttemptUpload } from '../machines/attempt-upload.js';
import { fetchProgress, storedCheckpoints } from '../machines/fetch-progress.js';
import { thisMachine } from '../machines/machine.js';
import type { Machine } from '../machines/machine.js';
import {
  attemptName,
  claimAttempt,
  isCancelled,
  isPassing,
  manifestName,
  newestAttempt,
  putCommit,
  putFailure,
  readCommit,
  readStoredManifest,
  trialName,
} from '../machines/run-store.js';
import { findData } from '../machines/stored-data.js';
import { LockstepError } from '../protocol/index.js';
import { changeLines, changesHere } from '../run/changes-here.js';
import { dataSources, sourceKey } from '../run/data-sources.js';
import { trialAt } from '../run/manifest.js';
import type { Manifest, Trial } from '../run/manifest.js';
import { movedFolder } from '../run/moved-data.js';
import { readTrial } from '../run/read-trial.js';
import { trialFiles } from '../run/run-directory.js';
import { fixedCourse } from '../schedule/course.js';
import { processExecutor } from '../schedule/executors/process.js';
import { runTrials } from '../schedule/run-trials.js';
import type { RunEvent } from '../schedule/run-trials.js';
import { secretVariables } from '../store/secrets.js';
import type { Store } from '../store/store.js';
import { planTrial } from '../trial/plan.js';
import { environmentOf } from './execute-run.js';
import type { Surroundings } from './surroundings.js';

/**
 * How this process's part in a trial ended. `committed`: the trial has its result, from whichever attempt; `superseded`: a newer
 * attempt goes on with it; `cancelled`: the run was; `interrupted`: this process was asked to stop, and another can go on.
 */
export type StoreTrialEnd = 'committed' | 'superseded' | 'cancelled' | 'interrupted';

export interface StoreTrialOptions {
  readonly store: Store;
  /** Of the trial, as typed. */
  readonly index: string;
  /** Where datasets are that are not where the run had them: as {@link movedFolder} takes it. */
  readonly data: readonly string[];
  /** A folder of this machine to train in; undefined: the system's for temporary files. */
  readonly scratch: string | undefined;
  /** Milliseconds between two times that new records and checkpoints are put into the store. */
  readonly uploadEvery: number;
  /** Milliseconds without a record after which the trial's process counts as lost; 0: never. */
  readonly stallTimeout: number;
  /** Trials that run here at the same time, and which of them this is, from 0. */
  readonly jobs: number;
  readonly slot: number;
  /** What a person should know. */
  readonly note: (text: string) => void;
  /** What was checked earlier, to check it once for all trials of a process. */
  readonly checked: CheckedRuns;
}

/** The data arguments of runs that this installation was found to be right for, by store and dataset. */
export type CheckedRuns = Map<string, Promise<string[]>>;

/** Programs that train variants need no keys. */
const withoutSecrets = Object.fromEntries(secretVariables.map((name) => [name, undefined]));

/** How often a last put is tried, and milliseconds before the second time; doubled before each further one. */
const lastTries = 5;
const firstPause = 1000;

/**
 * Takes part in a trial of a run in a store: claims an attempt, goes on from the newest checkpoint of any attempt, trains in a
 * folder of this machine, and commits the result unless another attempt did.
 * @throws LockstepError `usage` where code, engine, packages or data are not those of the run; otherwise the trial's own error
 */
export async function runStoreTrial(
  options: StoreTrialOptions,
  surroundings: Surroundings,
): Promise<StoreTrialEnd> {
  const { store } = options;
  const stored = await readStoredManifest(store);
  const { manifest } = stored;
  const trial = trialAt(manifest, options.index, `${store.url}/${manifestName}`);
  if ((await readCommit(store, trial.index)) !== undefined) return 'committed';
  if (await isCancelled(store)) return 'cancelled';
  const scratch = resolve(surroundings.cwd, options.scratch ?? tmpdir());
  const plan = planTrial(manifest, trial);
  const trialArguments = await checkHere(
    manifest,
    plan.config.data,
    scratch,
    options,
    surroundings,
  );
  const runFolder = await makeScratch(scratch);
  try {
    await writeFile(join(runFolder, 'manifest.json'), stored.text);
    const attempt = await beginAttempt(
      { ...options, manifest, trial, runFolder, trialArguments, configHash: plan.configHash },
      surroundings,
    );
    return await makeAttempt(attempt, surroundings);
  } finally {
    // What is left is removed by the next trial here.
    await rm(runFolder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** @returns the arguments that tell a trial's process where its dataset is */
function checkHere(
  manifest: Manifest,
  ofTrial: Config['data'],
  scratch: string,
  { store, data: asked, checked }: StoreTrialOptions,
  { cwd }: Surroundings,
): Promise<string[]> {
  const key = sourceKey(ofTrial);
  const place = `${store.url} ${key}`;
  const before = checked.get(place);
  if (before !== undefined) return before;
  const check = async () => {
    const sources = dataSources(manifest.config);
    const source = sources.find((one) => sourceKey(one) === key)!;
    const isAsked = source.path !== undefined && asked.length > 0;
    const folder = await findData(store, manifest, source, {
      asked: isAsked ? movedFolder(manifest.config, source, { asked, cwd }) : undefined,
      cache: join(scratch, 'lockstep-data'),
    });
    const folders = new Map(folder === undefined ? [] : [[source, folder]]);
    const changes = await changesHere(manifest, { sources: [source], folders });
    if (changes.length > 0) {
      throw new LockstepError(
        'usage',
        `${store.url}: expected what the run was made with, but here it is other:\n${changeLines(changes)}`,
        { hint: 'Install the same version of Lockstep here, and provide the same data.' },
      );
    }
    if (folder === undefined) return [];
    return ['--data', sources.length === 1 ? folder : `${source.path!}=${folder}`];
  };
  const result = check();
  checked.set(place, result);
  // A machine can be repaired: what failed is checked again.
  result.catch(() => checked.delete(place));
  return result;
}

/** Makes a folder for one trial, and removes those of processes of this machine that were killed. */
async function makeScratch(scratch: string): Promise<string> {
  await mkdir(scratch, { recursive: true });
  const mine = `lockstep-${hostname()}-`;
  for (const name of await readdir(scratch)) {
    const pid = name.startsWith(mine) ? /^(\d+)-/.exec(name.slice(mine.length))?.[1] : undefined;
    if (pid === undefined || isProcessAlive(Number(pid))) continue;
    // Another user's cannot be removed.
    await rm(join(scratch, name), { recursive: true, force: true }).catch(() => undefined);
  }
  return mkdtemp(join(scratch, `${mine}${process.pid}-`));
}

interface Begun extends StoreTrialOptions {
  readonly manifest: Manifest;
  readonly trial: Trial;
  /** Of the scratch folder. */
  readonly runFolder: string;
  readonly trialArguments: readonly string[];
  readonly configHash: string;
}

interface Attempt extends Begun {
  readonly attempt: number;
  readonly machine: Machine;
  readonly upload: AttemptUpload;
}

/** Claims the next attempt and fetches what earlier ones left. */
async function beginAttempt(begun: Begun, { clock }: Surroundings): Promise<Attempt> {
  const { store, manifest, trial, runFolder, configHash, note } = begun;
  const { index } = trial;
  const machine = thisMachine(manifest.engine.name);
  const [newest] = storedCheckpoints(await store.list(trialName(index)));
  const attempt = await claimAttempt(store, index, {
    ...{ schemaVersion: 1, id: randomUUID(), machine },
    ...{ step: newest?.step ?? 0, time: clock() },
  });
  const files = trialFiles(runFolder, index);
  const step = await fetchProgress(store, index, configHash, files);
  const from = step === undefined ? 'the beginning' : `step ${step}`;
  note(`attempt ${attempt}, from ${from}`);
  const upload = attemptUpload(store, attemptName(index, attempt), files);
  return { ...begun, attempt, machine, upload };
}

async function makeAttempt(attempt: Attempt, surroundings: Surroundings): Promise<StoreTrialEnd> {
  const { store, trial, runFolder, upload, note } = attempt;
  const { end, failure } = await trainAndUpload(attempt, surroundings);
  if (end === 'superseded') return end;
  const { state, reason } = await readTrial(runFolder, trial);
  if (state === 'completed' || state === 'diverged') return commit(attempt, state);
  if (failure === undefined) {
    await patiently(() => upload.sync(), note);
    return end ?? 'interrupted';
  }
  await upload.sync().catch(() => undefined);
  const { code, message } = failure;
  const why = { schemaVersion: 1, code, message: reason ?? message } as const;
  await putFailure(store, trial.index, attempt.attempt, why).catch(() => undefined);
  throw failure;
}

/** Trains in a process of its own; meanwhile puts what is new into the store, and looks whether to stop. */
async function trainAndUpload(
  attempt: Attempt,
  { stop, env }: Surroundings,
): Promise<{ readonly end?: 'superseded' | 'cancelled'; readonly failure?: LockstepError }> {
  const { manifest, trial, runFolder, trialArguments, jobs, slot, note } = attempt;
  const halt = new AbortController();
  const over = new AbortController();
  let end: 'superseded' | 'cancelled' | undefined;
  let failure: LockstepError | undefined;
  let hasRecords = false;
  const onEvent = (event: RunEvent) => {
    // Before its first record, a trial that goes on cuts its log back.
    if (event.kind === 'record') hasRecords = true;
    else if (event.kind === 'notice') note(event.text);
    else if (event.kind === 'failure') failure = event.error;
  };
  const keepUp = async () => {
    let troubled = false;
    while (end === undefined) {
      await pause(attempt.uploadEvery, over.signal);
      if (over.signal.aborted) return;
      try {
        if (hasRecords) await attempt.upload.sync();
        end = await whyStop(attempt);
        troubled = false;
      } catch (error) {
        if (!troubled) note(`${messageOf(error)}; training goes on`);
        troubled = true;
      }
    }
    halt.abort();
  };
  const environment = environmentOf(manifest, jobs, env);
  const keeping = keepUp();
  const training = runTrials({
    course: fixedCourse([trial]),
    executor: processExecutor({
      runFolder,
      slots: 1,
      environment: () => ({ ...environment(slot), ...withoutSecrets }),
      trialArguments,
    }),
    retries: 0,
    stallTimeout: attempt.stallTimeout,
    stop: AbortSignal.any([stop, halt.signal]),
  });
  try {
    await lastValueFrom(training.pipe(tap(onEvent), ignoreElements()), { defaultValue: undefined });
  } finally {
    over.abort();
    await keeping;
  }
  return { ...(end && { end }), ...(failure && { failure }) };
}

async function whyStop({ store, trial, attempt }: Attempt) {
  if ((await newestAttempt(store, trial.index)) > attempt) return 'superseded';
  return (await isCancelled(store)) ? 'cancelled' : undefined;
}

async function commit(
  attempt: Attempt,
  outcome: 'completed' | 'diverged',
): Promise<'committed' | 'superseded'> {
  const { store, manifest, trial, machine, upload, note } = attempt;
  const isMine = await patiently(async () => {
    const files = await upload.finish();
    return putCommit(store, trial.index, {
      ...{ schemaVersion: 1, attempt: attempt.attempt, machine, outcome, files },
      code: manifest.provenance.lockstep.code ?? 'unknown',
    });
  }, note);
  if (!isMine) return 'superseded';
  // Nobody goes on from the checkpoints of other attempts any more.
  await removeOthers(attempt).catch(() => undefined);
  return 'committed';
}

async function removeOthers({ store, trial, attempt }: Attempt): Promise<void> {
  const own = `${attemptName(trial.index, attempt)}/`;
  for (const name of await store.list(trialName(trial.index))) {
    if (/\/a\d+\/(checkpoints|best|programs)\//.test(name) && !name.startsWith(own)) {
      await store.delete(name);
    }
  }
}

/** Tries again what a store out of reach may allow later. */
async function patiently<Value>(
  action: () => Promise<Value>,
  note: (text: string) => void,
): Promise<Value> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await action();
    } catch (error) {
      const isLasting = !(error instanceof LockstepError) || !isPassing(error);
      if (isLasting || tried === lastTries) throw error;
      note(`${messageOf(error)}; trying again`);
      await pause(firstPause * 2 ** (tried - 1), undefined);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
