import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startLockstepGroup } from './lockstep.js';
import type { EngineName } from '../../src/protocol/index.js';
import type { Finished, Running } from './lockstep.js';
import { killWith9, trialProcesses } from './processes.js';

const debug = fileURLToPath(new URL('../../../configs/debug.yaml', import.meta.url));

/** What a kill -9 is aimed at: one trial, the process that schedules them, or all of them at once. */
const targets = ['trial', 'scheduler', 'everything'] as const;
type Target = (typeof targets)[number];

export interface Kill {
  readonly target: Target;
  /** Milliseconds after the command was started. */
  readonly afterMs: number;
  /** What was killed was a `resume`, not the command that began the run. */
  readonly resuming: boolean;
}

export interface ChaosSize {
  readonly steps: number;
  readonly seeds: number;
}

/** Writes a sweep of two points, whose trials do everything a trial does while it trains. */
export async function writeChaosConfig(
  folder: string,
  { steps, seeds }: ChaosSize,
): Promise<string> {
  const path = join(folder, 'chaos.yaml');
  const config = {
    extends: debug,
    name: 'chaos',
    seeds: `1..${seeds}`,
    training: {
      steps,
      // With Adam a checkpoint has to keep the optimizer's state, too.
      optimizer: {
        kind: 'adam',
        learningRate: 0.001,
        schedule: { kind: 'cosine', warmup: 5 },
        clipNorm: 1,
      },
      earlyStopping: { metric: 'test.loss', patience: 1000, minDelta: 0.02 },
      augmentation: [
        { kind: 'shift', pixels: 2 },
        { kind: 'noise', std: 0.1 },
      ],
    },
    network: {
      layers: [
        { kind: 'conv2d', filters: 4, kernelSize: 3, activation: 'linear' },
        { kind: 'batchNorm', momentum: 0.9 },
        { kind: 'activation' },
        { kind: 'maxPool', poolSize: 2 },
        { kind: 'flatten' },
        { kind: 'dense', units: 16 },
        { kind: 'dropout' },
        { kind: 'dense', units: 10 },
      ],
    },
    checkpoint: { every: 10, keep: 3, initial: true },
    evaluation: { every: 5, predictions: true },
    // The variants of one point stop early; those of the other train to the end and keep their best weights.
    sweep: {
      method: 'grid',
      parameters: { 'training.earlyStopping.patience': { values: [3, 1000] } },
    },
  };
  // JSON is YAML, too.
  await writeFile(path, JSON.stringify(config));
  return path;
}

/** Writes what `lockstep decide` runs in the same way: two variants of which the second is clearly better. */
export async function writeDecideConfig(
  folder: string,
  { steps, cap }: { readonly steps: number; readonly cap: number },
): Promise<string> {
  const path = join(folder, 'chaos.yaml');
  const config = {
    extends: debug,
    name: 'chaos',
    training: { steps },
    checkpoint: { every: 10 },
    decision: { sequential: { cap } },
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

/** Starts `lockstep decide` as {@link startSweep} starts a sweep. */
export function startDecide(cwd: string, config: string, engine: EngineName): Running {
  return startLockstepGroup(cwd, 'decide', config, '--engine', engine, ...schedule);
}

/** Starts the sweep of {@link writeChaosConfig}, in a process group of its own, two trials at a time. */
export function startSweep(cwd: string, config: string, engine: EngineName): Running {
  return startLockstepGroup(cwd, 'sweep', config, '--trace', '--engine', engine, ...schedule);
}

const schedule = ['--jobs', '2', '--quiet'];

export interface Disturbed {
  /** The run's folder. */
  readonly run: string;
  readonly kills: readonly Kill[];
  /** What went wrong while it was killed and resumed. */
  readonly wrong: readonly string[];
}

export interface DisturbOptions {
  /** A folder of its own. */
  readonly cwd: string;
  readonly config: string;
  readonly engine: EngineName;
  /** What begins the run. Default: {@link startSweep}. */
  readonly start?: typeof startSweep;
  /** It is killed at most so often; fewer times when it has ended before. */
  readonly kills: number;
  /** Moments are drawn from the start to so many milliseconds later. */
  readonly withinMs: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly onKill: (kill: Kill) => void;
}

/** Begins the run, kills it with signal 9 at random moments, and resumes it until it is done. */
export async function disturb(options: DisturbOptions): Promise<Disturbed> {
  const { cwd, config, engine, random, start = startSweep } = options;
  const kills: Kill[] = [];
  const wrong: string[] = [];
  let running = start(cwd, config, engine);
  let resuming = false;
  for (;;) {
    const killed: Target[] = [];
    const started = performance.now();
    while (kills.length < options.kills) {
      const ended = await endedWithin(running, random() * options.withinMs);
      if (ended) break;
      const target = kill(running, random);
      if (target === undefined) break;
      killed.push(target);
      kills.push({ target, afterMs: Math.round(performance.now() - started), resuming });
      options.onKill(kills.at(-1)!);
      if (target !== 'trial') break;
    }
    const finished = await running.finished;
    const run = await runIn(cwd);
    if (finished.code === 0 && run !== undefined) return { run, kills, wrong };
    wrong.push(...unexpected(finished, killed));
    if (wrong.length > 0) return { run: run ?? cwd, kills, wrong };
    // What was killed before it had frozen its manifest has left nothing to resume.
    resuming = run !== undefined;
    running =
      run === undefined
        ? start(cwd, config, engine)
        : startLockstepGroup(cwd, 'resume', run, ...schedule);
  }
}

async function endedWithin(running: Running, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const waited = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const ended = await Promise.race([waited, running.finished.then(() => true)]);
  timer.abort();
  return ended;
}

/** @returns what was killed; undefined when nothing was left to kill */
function kill({ child }: Running, random: () => number): Target | undefined {
  const pid = child.pid!;
  const trials = trialProcesses(pid);
  const target = targets[Math.floor(random() * targets.length)]!;
  if (target === 'trial' && trials.length > 0) {
    const trial = trials[Math.floor(random() * trials.length)]!;
    return killWith9(trial) ? 'trial' : undefined;
  }
  if (target === 'everything') return killWith9(-pid) ? target : undefined;
  return killWith9(pid) ? 'scheduler' : undefined;
}

/** An end other than by the kill, or with 5 for the lack of a killed trial. */
function unexpected({ code, signal, stderr }: Finished, killed: readonly Target[]): string[] {
  if (signal === 'SIGKILL' && killed.some((target) => target !== 'trial')) return [];
  if (code === 5 && killed.includes('trial')) return [];
  const how = killed.length === 0 ? 'undisturbed' : `after kills of ${killed.join(', ')}`;
  return [`expected an end with 0, ${how}, got ${code ?? signal}: ${stderr}`];
}

/** The folder of the only run that has a manifest. */
async function runIn(cwd: string): Promise<string | undefined> {
  const names = await readdir(join(cwd, 'runs')).catch(() => []);
  const runs = names
    .filter((name) => name !== 'latest')
    .map((name) => join(cwd, 'runs', name))
    .filter((run) => existsSync(join(run, 'manifest.json')));
  return runs.at(-1);
}
