import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../engines/environment.js';
import { readTrialLog } from '../log/read-log.js';
import { LockstepError, type EngineName } from '../protocol/index.js';
import { lastLines, runCommand } from '../setup/process.js';
import { timingOf, type StepTiming } from './timing.js';

const main = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const sgemm = fileURLToPath(new URL('../../workers/bench/sgemm.js', import.meta.url));

export interface TrialMeasurement {
  readonly timing: StepTiming;
  /** Seconds from the start of `lockstep run` to its exit. */
  readonly wholeRun: number;
}

export interface MeasureOptions {
  readonly engine: EngineName;
  readonly config: string;
  /** Further `path=value` overrides. */
  readonly overrides: readonly string[];
  readonly steps: number;
  readonly warmUp: number;
  /** An empty folder for the run. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/** Times a run as people start it: the whole command, and the steps from its log. */
export async function measureRun(options: MeasureOptions): Promise<TrialMeasurement> {
  const { engine, config, overrides, steps, warmUp, folder, signal } = options;
  const settings = [`training.steps=${steps}`, ...overrides].flatMap((text) => ['--set', text]);
  const startedAt = performance.now();
  const { code, output } = await runCommand(
    process.execPath,
    [
      main,
      'run',
      config,
      '--engine',
      engine,
      '--seeds',
      '1',
      '--out',
      folder,
      '--quiet',
      ...settings,
    ],
    { signal },
  );
  const wholeRun = (performance.now() - startedAt) / 1000;
  if (code !== 0) throw failed('run', output);
  const runs = (await readdir(folder)).filter((name) => name !== 'latest');
  const records = await readTrialLog(join(folder, runs[0]!, 'trials', '0000', 'log.ndjson'));
  return { timing: timingOf(records, warmUp), wholeRun };
}

/** GFLOP/s of a 1024 x 1024 matrix product in as many threads as there are sessions, summed. */
export async function measureSgemm(
  engine: EngineName,
  sessions: number,
  signal?: AbortSignal,
): Promise<number> {
  const environment = engineEnvironment(engine, { sessions, cores: availableParallelism() });
  const { code, output } = await runCommand(process.execPath, [sgemm, engine, String(sessions)], {
    environment,
    signal,
  });
  const rate = Number(output.trimEnd().split('\n').at(-1));
  if (code !== 0 || !Number.isFinite(rate)) throw failed('sgemm', output);
  return rate;
}

function failed(what: string, output: string): LockstepError {
  return new LockstepError(
    'worker',
    `Expected the benchmark's ${what} to end well, but it failed:\n${lastLines(output)}`,
  );
}
