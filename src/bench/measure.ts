import { mkdir, readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../engines/environment.js';
import { readRecords } from '../log/read.js';
import type { LogRecord } from '../log/records.js';
import { LockstepError, type DeviceRequest, type EngineName } from '../protocol/index.js';
import { lastLines, runCommand } from '../setup/process.js';
import { timingOf, type StepTiming } from './timing.js';

const main = fileURLToPath(new URL('../../bin/lockstep.js', import.meta.url));
const recorder = new URL('./record-peak-memory.js', import.meta.url);
const sgemm = fileURLToPath(new URL('../../workers/bench/sgemm.js', import.meta.url));

export interface TrialMeasurement {
  /** What the trial logged. */
  readonly records: readonly LogRecord[];
  readonly timing: StepTiming;
  /** Seconds from the start of `lockstep run` to its exit. */
  readonly wholeRun: number;
  /** The most bytes resident in the largest process, which is the trial's. */
  readonly peakMemory: number;
}

export interface MeasureOptions {
  readonly engine: EngineName;
  /** Default: auto. */
  readonly device?: DeviceRequest | undefined;
  readonly config: string;
  /** Further `path=value` overrides. */
  readonly overrides: readonly string[];
  readonly steps: number;
  readonly warmUp: number;
  /** Further variables of its processes. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** An empty folder. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/** Times a run as people start it: the whole command, and the steps from its log. */
export async function measureRun(options: MeasureOptions): Promise<TrialMeasurement> {
  const { engine, device = 'auto', config, overrides, steps, warmUp, folder, signal } = options;
  const settings = [`training.steps=${steps}`, ...overrides].flatMap((text) => ['--set', text]);
  const runs = join(folder, 'runs');
  const memory = join(folder, 'memory');
  await mkdir(memory);
  const startedAt = performance.now();
  const { code, output } = await runCommand(
    process.execPath,
    [
      ...[main, 'run', config, '--engine', engine, '--device', device],
      ...['--seeds', '1', '--out', runs, '--quiet', ...settings],
    ],
    {
      signal,
      environment: {
        ...options.environment,
        NODE_OPTIONS: preload(),
        LOCKSTEP_PEAK_MEMORY: memory,
      },
    },
  );
  const wholeRun = (performance.now() - startedAt) / 1000;
  if (code !== 0) throw failed('run', output);
  const records: LogRecord[] = [];
  const log = join(runs, 'latest', 'trials', '0000', 'log.ndjson');
  for await (const record of readRecords(log)) records.push(record);
  const peakMemory = Math.max(...(await readNumbers(memory)));
  return { records, timing: timingOf(records, warmUp), wholeRun, peakMemory };
}

function preload(): string {
  return [process.env.NODE_OPTIONS, `--import=${recorder.href}`].filter(Boolean).join(' ');
}

async function readNumbers(folder: string): Promise<number[]> {
  const files = await readdir(folder);
  return Promise.all(files.map(async (file) => Number(await readFile(join(folder, file), 'utf8'))));
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
