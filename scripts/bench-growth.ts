/**
 * How the time and the memory of a paired step grow with what is trained: `npm run bench:growth`. One thing is changed at a time,
 * each run is the whole `lockstep run`, and every round measures all of them once, so that a noisy machine slows all alike.
 *
 *     --engine NAME   Lockstep's engine (default tensorflow)
 *     --rounds N      rounds to take the medians of (default 3)
 *     --only A,B      of batch, width, depth, variants, steps and threads (default all)
 *     --long          up to 100,000 steps instead of 10,000
 *     --svg FILE      draws the curves
 *     --json          one JSON document instead of a table
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { TopLevelSpec } from 'vega-lite';
import { measureRun } from '../src/bench/measure.js';
import { engineNames } from '../src/protocol/index.js';
import { renderSvg } from '../src/report/plots/render.js';
import { median } from '../src/statistics/moments.js';
import { choiceFlag, wholeFlag } from './flags.js';

/** One thing that grows. */
interface Axis {
  readonly name: string;
  readonly title: string;
  readonly config: string;
  readonly values: readonly number[];
  readonly overrides: (value: number) => readonly string[];
  /** Steps of a run with this value. */
  readonly steps: (value: number) => number;
  /** Variables of the run's processes. */
  readonly environment?: (value: number) => Readonly<Record<string, string>>;
}

interface Point {
  readonly axis: string;
  readonly value: number;
  /** Of a paired step, from one record to the next. */
  readonly milliseconds: number;
  /** The most that the trial's process had resident. */
  readonly mebibytes: number;
}

const { values: flags } = parseArgs({
  options: {
    engine: { type: 'string', default: 'tensorflow' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    long: { type: 'boolean', default: false },
    svg: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const warmUp = 5;
const engine = choiceFlag('--engine', flags.engine, engineNames);
const rounds = wholeFlag('--rounds', flags.rounds);
const lenet = fileURLToPath(new URL('../../scripts/peers/networks/lenet.yaml', import.meta.url));
/** Whole evaluations would take longer than the steps. */
const fewExamples = 'evaluation.splits=[{split: test, examples: 64}]';
const layers = (...dense: string[]) =>
  `network.layers=[{kind: flatten}, ${dense.join(', ')}, {kind: dense, units: 10}]`;

const axes: readonly Axis[] = [
  {
    name: 'batch',
    title: 'examples in a minibatch (LeNet)',
    config: lenet,
    values: [16, 32, 64, 128, 256, 512, 1024],
    overrides: (batch) => [`data.batchSize=${batch}`],
    steps: (batch) => (batch > 200 ? 12 : 40),
  },
  {
    name: 'width',
    title: 'units of two dense layers',
    config: 'debug',
    values: [32, 64, 128, 256, 512, 1024, 2048],
    overrides: (units) => {
      const dense = `{kind: dense, units: ${units}}`;
      return ['data.batchSize=128', layers(dense, dense)];
    },
    steps: (units) => (units > 600 ? 15 : 60),
  },
  {
    name: 'depth',
    title: 'dense layers of 128 units',
    config: 'debug',
    values: [2, 4, 8, 16, 32, 64],
    overrides: (times) => [
      ...['data.batchSize=128', 'training.optimizer.learningRate=0.001'],
      layers(`{kind: repeat, times: ${times}, layers: [{kind: dense, units: 128}]}`),
    ],
    steps: () => 40,
  },
  {
    name: 'variants',
    title: 'variants (LeNet, 64 examples)',
    config: lenet,
    values: [2, 3, 4, 6, 8],
    overrides: (count) => [
      'data.batchSize=64',
      ...Array.from(
        { length: count - 2 },
        (_, at) =>
          `variants.more${at}={label: More ${at}, input: raw, activation: relu, init: he, dropout: {kind: standard, rate: 0.5}}`,
      ),
    ],
    steps: () => 40,
  },
  {
    name: 'steps',
    title: 'steps of a run (debug)',
    config: 'debug',
    values: [100, 1000, 10_000, ...(flags.long ? [100_000] : [])],
    overrides: () => [],
    steps: (steps) => steps,
  },
  {
    name: 'threads',
    title: 'threads of each session (LeNet)',
    config: lenet,
    values: [1, 2, 4, 8, 16].filter((threads) => threads <= Math.max(2, availableParallelism())),
    overrides: () => [],
    steps: () => 40,
    environment: (threads) => ({ TF_NUM_INTRAOP_THREADS: String(threads) }),
  },
];

const names = axes.map(({ name }) => name);
const wanted = flags.only?.split(',').map((name) => choiceFlag('--only', name, names)) ?? names;
const points = await measure(axes.filter(({ name }) => wanted.includes(name)));
if (flags.svg !== undefined) await writeFile(flags.svg, await renderSvg(plot(points)));
const measured = { engine, rounds, cores: availableParallelism(), points };
process.stdout.write(flags.json ? `${JSON.stringify(measured, null, 2)}\n` : table());

async function measure(chosen: readonly Axis[]): Promise<Point[]> {
  const jobs = chosen.flatMap((axis) =>
    axis.values.map((value) => ({ axis, value, times: [] as number[], sizes: [] as number[] })),
  );
  for (let round = 1; round <= rounds; round += 1) {
    for (const { axis, value, times, sizes } of jobs) {
      const folder = await mkdtemp(join(tmpdir(), 'lockstep-growth-'));
      try {
        const { timing, peakMemory } = await measureRun({
          ...{ engine, warmUp, folder, config: axis.config, steps: axis.steps(value) },
          overrides: [fewExamples, ...axis.overrides(value)],
          environment: axis.environment?.(value),
        });
        times.push(timing.paired);
        sizes.push(peakMemory / 2 ** 20);
        const ms = timing.paired.toFixed(2);
        process.stderr.write(`round ${round} of ${rounds}  ${axis.name} ${value}: ${ms} ms\n`);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  }
  return jobs.map(({ axis, value, times, sizes }) => ({
    axis: axis.title,
    value,
    milliseconds: median(times),
    mebibytes: median(sizes),
  }));
}

function table(): string {
  const lines = points.map(
    ({ axis, value, milliseconds, mebibytes }) =>
      `${axis.padEnd(34)}  ${String(value).padStart(7)}  ${milliseconds.toFixed(2).padStart(9)} ms  ${mebibytes.toFixed(0).padStart(6)} MiB`,
  );
  return `${lines.join('\n')}\nmedians of ${rounds} rounds, ${engine}, ${availableParallelism()} cores\n`;
}

/** A panel for each thing that grows, time above memory; all axes logarithmic, so that growth in proportion is a straight line. */
function plot(all: readonly Point[]): TopLevelSpec {
  const titles = [...new Set(all.map(({ axis }) => axis))];
  const panelsOf = (field: 'milliseconds' | 'mebibytes', title: string) =>
    titles.map((axis) => {
      const values = all.filter((point) => point.axis === axis);
      const isLinear = values.every(({ value }) => value <= 16);
      return {
        ...{ width: 200, height: 140, data: { values } },
        mark: { type: 'line' as const, point: true, color: '#2a6fbb' },
        encoding: {
          x: {
            field: 'value',
            type: 'quantitative' as const,
            title: axis,
            scale: isLinear ? { zero: false } : { type: 'log' as const, base: 2 },
            axis: { values: values.map(({ value }) => value), format: ',d', labelOverlap: true },
          },
          y: {
            field,
            type: 'quantitative' as const,
            title,
            scale: { type: 'log' as const },
            axis: { tickCount: 4, format: '~g' },
          },
        },
      };
    });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 8,
    config: { font: 'Arial, Helvetica, sans-serif' },
    columns: 3,
    concat: [
      ...panelsOf('milliseconds', 'ms a paired step'),
      ...panelsOf('mebibytes', 'MiB at the most'),
    ],
  };
}
