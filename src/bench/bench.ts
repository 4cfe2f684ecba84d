import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/load.js';
import { networkVariants } from '../config/variants.js';
import type { EngineName } from '../protocol/index.js';
import { median } from '../statistics/moments.js';
import { stepFlops } from './flops.js';
import { measureRun, measureSgemm, type TrialMeasurement } from './measure.js';

export interface BenchOptions {
  readonly engine: EngineName;
  /** A path, or the name of a shipped configuration. */
  readonly config: string;
  /** Absolute; what a relative path starts from. */
  readonly cwd: string;
  /** Rounds to take medians of; each measures everything once, in turn. */
  readonly rounds: number;
  /** Steps of a round's run, beyond `warmUp`. */
  readonly steps: number;
  readonly onRound?: ((round: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Medians over the rounds. Times in milliseconds a paired step unless they say otherwise. */
export interface BenchResult {
  readonly engine: EngineName;
  readonly rounds: number;
  readonly steps: number;
  readonly pairedStep: number;
  readonly variants: Readonly<
    Record<string, { readonly train: number; readonly evaluate: number }>
  >;
  /** The paired step minus the slowest variant's work. */
  readonly orchestration: number;
  /** The same with variants that compute next to nothing, in a long run. */
  readonly orchestrationNull: number;
  /** Sustained over the paired step, convolutions and dense layers alone. */
  readonly gflops: number;
  /** Matrix product in as many threads as sessions, same rounds. */
  readonly sgemmGflops: number;
  readonly fractionOfSgemm: number;
  /** Seconds of the whole `lockstep run` with these steps. */
  readonly wholeRun: number;
  /** The most bytes that the trial's process had resident. */
  readonly peakMemory: number;
}

const warmUp = 5;
/** All code is compiled after a thousand or so steps of null variants, a second or two. */
const nullSteps = 3000;
const nullWarmUp = 1000;
/** One dense layer on the pixels: next to no work, but all of the machinery. */
const nullOverrides = ['network.layers=[{kind: flatten}, {kind: dense, units: 10}]'];

/** Measures whole runs of a configuration, null runs and matrix products in alternation. */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { engine, config, rounds, steps, signal } = options;
  const resolved = await loadConfig({ file: config, cwd: options.cwd });
  const specs = networkVariants(resolved);
  const flops = specs
    .map((spec) => stepFlops(spec, [28, 28, 1], resolved.data.batchSize))
    .reduce((sum, value) => sum + value, 0);
  const runs: TrialMeasurement[] = [];
  const nulls: TrialMeasurement[] = [];
  const rates: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    options.onRound?.(round);
    const common = { engine, config, signal };
    rates.push(await measureSgemm(engine, specs.length, signal));
    runs.push(
      await inFolder((folder) =>
        measureRun({ ...common, overrides: [], steps: steps + warmUp, warmUp, folder }),
      ),
    );
    nulls.push(
      await inFolder((folder) =>
        measureRun({
          ...common,
          overrides: nullOverrides,
          steps: nullSteps + nullWarmUp,
          warmUp: nullWarmUp,
          folder,
        }),
      ),
    );
  }
  const of = (values: readonly TrialMeasurement[], pick: (run: TrialMeasurement) => number) =>
    median(values.map(pick));
  const pairedStep = of(runs, ({ timing }) => timing.paired);
  const gflops = flops / pairedStep / 1e6;
  const sgemmGflops = median(rates);
  return {
    engine,
    rounds,
    steps,
    pairedStep,
    variants: Object.fromEntries(
      specs.map(({ name }) => [
        name,
        {
          train: of(runs, ({ timing }) => timing.variants[name]!.train),
          evaluate: of(runs, ({ timing }) => timing.variants[name]!.evaluate),
        },
      ]),
    ),
    orchestration: of(runs, ({ timing }) => timing.orchestration),
    orchestrationNull: of(nulls, ({ timing }) => timing.orchestration),
    gflops,
    sgemmGflops,
    fractionOfSgemm: gflops / sgemmGflops,
    wholeRun: of(runs, ({ wholeRun }) => wholeRun),
    peakMemory: of(runs, ({ peakMemory }) => peakMemory),
  };
}

async function inFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
  try {
    return await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
