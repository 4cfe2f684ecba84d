import type { Outcome } from '../app/outcome.js';
import type { Progress } from '../app/surroundings.js';
import type { DeviceRequest, EngineName } from '../protocol/index.js';
import { followLog } from './follow-log.js';
import { LogStream } from './log-stream.js';

/** Where and how an experiment runs; each as the flag of its name of `lockstep run`. */
export interface ExperimentOptions {
  /** Folder to make the run in, relative to `cwd`. Default: `runs`. */
  readonly out?: string | undefined;
  /** What computes. Default: auto, native TensorFlow where it is set up. */
  readonly engine?: EngineName | 'auto' | undefined;
  /** Where it computes. Default: auto, on a GPU where there is one. */
  readonly device?: DeviceRequest | undefined;
  /** Trials that run at the same time, at least 1; auto: as many as cores and memory allow. Default: 1. */
  readonly jobs?: number | 'auto' | undefined;
  /** How many more times a trial is started that lost its process, engine or worker; from 0. Default: 1. */
  readonly retries?: number | undefined;
  /** Whether the first failed trial stops the others. Default: false. */
  readonly failFast?: boolean | undefined;
  /** Whether each trial writes the positions of its minibatches to `trace.ndjson`. Default: false. */
  readonly trace?: boolean | undefined;
  /** Overrides keys of the configuration: `path=value`, in order. */
  readonly set?: readonly string[] | undefined;
  /** Absolute; what relative paths are relative to. Default: the working directory. */
  readonly cwd?: string | undefined;
  /** Aborted: the trials finish their step, write a checkpoint and end; `lockstep resume` goes on from there. */
  readonly signal?: AbortSignal | undefined;
  /** Is given notes for people, such as the engine that was chosen. Default: they are dropped. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/**
 * An experiment that runs: the records of its log, as an async iterable and as an Observable. It runs whether
 * they are read or not, and ends with its process.
 */
export class Experiment extends LogStream {
  /** The folder of the run, absolute, once the configuration and the data have been checked. */
  readonly runFolder: Promise<string>;
  /**
   * What came of it, once all has ended: the document that `lockstep run --json` prints, trials that failed or
   * were interrupted among it. Rejects with a LockstepError where the run could not start or be written.
   */
  readonly finished: Promise<Outcome>;

  constructor(started: Promise<string>, finished: Promise<Outcome>) {
    super((signal) => recordsOf(started, signal));
    this.runFolder = started;
    this.finished = finished;
  }
}

const nothing = () => undefined;

/** Milliseconds that a log is followed once no process works on the run: this one does until it has ended. */
const grace = 250;

async function* recordsOf(started: Promise<string>, signal: AbortSignal) {
  yield* followLog(await started, { signal, grace });
}

/**
 * Runs an experiment as `lockstep run`, `sweep` or `decide` does, each trial in a process of its own, and leaves the
 * same run folder.
 * @param config as in a YAML file, with `extends` if it builds on another; or the path of one, or the name of a
 * shipped configuration. One with a `sweep` is swept, one with `decision.sequential` decided in sequence
 * @returns at once; errors, all of them LockstepErrors, come by `finished`, and to whoever reads the records
 */
export function runExperiment(
  config: string | Readonly<Record<string, unknown>>,
  options: ExperimentOptions = {},
): Experiment {
  let onFolder: (folder: string) => void = nothing;
  const made = new Promise<string>((resolve) => {
    onFolder = resolve;
  });
  const finished = run(config, options, onFolder);
  // It rejects first where there is no folder.
  const started = Promise.race([made, finished.then(() => made)]);
  // Errors surface where these are awaited.
  started.catch(nothing);
  return new Experiment(started, finished);
}

async function run(
  config: string | Readonly<Record<string, unknown>>,
  options: ExperimentOptions,
  onFolder: (folder: string) => void,
): Promise<Outcome> {
  // What plans and trains takes a while to load, which others of the library need not wait for.
  const [{ loadRequested, planRun }, { startRun }, { outcomeOf }, { defaultExecutor }] =
    await Promise.all([
      import('../app/plan-run.js'),
      import('../app/execute-run.js'),
      import('../app/outcome.js'),
      import('../schedule/executors/index.js'),
    ]);
  const { out = 'runs', engine = 'auto', device = 'auto', jobs = 1, trace = false } = options;
  const { set = [], cwd = process.cwd(), signal, onNote = () => undefined } = options;
  const stop = signal ?? new AbortController().signal;
  const surroundings = { stop, cwd, env: process.env, clock: Date.now };
  const loaded = await loadRequested({ config, set }, surroundings);
  const { manifest, warnings } = await planRun(
    loaded,
    { engine, device, trace, jobs },
    surroundings,
  );
  for (const warning of warnings) onNote(`Warning: ${warning}`);
  const { retries = 1, failFast = false } = options;
  const schedule = { jobs, retries, failFast, stallTimeout: 0, createExecutor: defaultExecutor };
  const startProgress = ({ runFolder }: { readonly runFolder: string }): Progress => {
    onFolder(runFolder);
    return { ...silent, note: onNote };
  };
  return outcomeOf(await startRun(manifest, out, schedule, startProgress, surroundings), cwd);
}

const silent: Progress = {
  remember: nothing,
  show: nothing,
  note: nothing,
  settle: nothing,
  drop: nothing,
  dispose: nothing,
};
