/**
 * Lockstep's paired step against the same work in TensorFlow, PyTorch and JAX: `npm run bench:peers`, and
 * `npm run bench:peers -- --network mlp` for another network than the tutorial's. A network is described once, by
 * Lockstep's configuration, of which the peers get the layers.
 *
 * Every round runs each contender once, in turn, so that a noisy machine slows all alike; the medians over the
 * rounds are compared. Each peer runs in both arrangements (variants in turn with all cores, or together
 * with a share each) with the allocator settings that Lockstep gives its own engine.
 *
 *     --network NAME  a file of scripts/peers/networks, or a shipped configuration (default tutorial)
 *     --rounds N      rounds to take the medians of (default 5)
 *     --steps N       steps of each run beyond 5 to warm up (default 45, the tutorial's 50 together)
 *     --engine NAME   Lockstep's engine (default tensorflow)
 *     --device gpu    all on the GPU, where one is: TensorFlow and PyTorch with CUDA (default cpu)
 *     --only A,B      only the peers whose names contain one of these
 *     --json          one JSON document
 *
 * The peers are installed with pip into a folder of their own in Lockstep's cache, when first needed.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureRun } from '../src/bench/measure.js';
import { median } from '../src/statistics/moments.js';
import { engineEnvironment } from '../src/engines/environment.js';
import type { EngineName } from '../src/protocol/index.js';
import { lastLines, runCommand } from '../src/setup/process.js';
import { loadBenchNetwork } from './bench-networks.js';
import { choiceFlag, wholeFlag } from './flags.js';
import { installPeers, peersFolder } from './peers.js';

interface Measurement {
  /** Milliseconds of a paired step: both variants trained and evaluated. */
  readonly pairedStep: number;
  /** Seconds of the whole process. */
  readonly wholeRun: number;
}

interface Contender {
  readonly name: string;
  measure(): Promise<Measurement>;
}

const { values: flags } = parseArgs({
  options: {
    network: { type: 'string', default: 'tutorial' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '45' },
    engine: { type: 'string', default: 'tensorflow' },
    device: { type: 'string', default: 'cpu' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});

const warmUp = 5;
const cores = availableParallelism();
const steps = wholeFlag('--steps', flags.steps);
const rounds = wholeFlag('--rounds', flags.rounds);

const device = choiceFlag('--device', flags.device, ['cpu', 'gpu']);

const python = await installPeers(device);
const workFolder = await mkdtemp(join(tmpdir(), 'lockstep-peers-'));
process.on('exit', () => {
  rmSync(workFolder, { recursive: true, force: true });
});
const network = await loadBenchNetwork(flags.network, steps + warmUp, workFolder);
const peers = [
  ['tensorflow', 'function'],
  ['tensorflow', 'xla'],
  ['pytorch', 'eager'],
  ['pytorch', 'compile'],
  ...(device === 'cpu' ? [['jax', 'jit']] : []),
].flatMap(([framework, mode]) =>
  ['in-turn', 'together'].map((arrangement) => peer(framework!, mode!, arrangement)),
);
const wanted = flags.only.split(',');
const contenders = [
  lockstep(flags.engine as EngineName),
  ...peers.filter(({ name }) => wanted.some((part) => name.includes(part))),
];

const measured = new Map(contenders.map(({ name }) => [name, [] as Measurement[]]));
for (let round = 1; round <= rounds; round += 1) {
  for (const contender of contenders) {
    const measurement = await contender.measure();
    measured.get(contender.name)!.push(measurement);
    const ms = measurement.pairedStep.toFixed(1);
    process.stderr.write(`round ${round} of ${rounds}  ${contender.name}  ${ms} ms\n`);
  }
}
const rows = [...measured].map(([name, all]) => ({
  name,
  pairedStep: median(all.map(({ pairedStep }) => pairedStep)),
  wholeRun: median(all.map(({ wholeRun }) => wholeRun)),
}));
const own = rows[0]!;
const ratios = rows.map((row) => ({
  ...row,
  lockstepRatio: own.pairedStep / row.pairedStep,
  lockstepWholeRunRatio: own.wholeRun / row.wholeRun,
}));
process.stdout.write(
  flags.json ? `${JSON.stringify({ rounds, steps, cores, rows: ratios }, null, 2)}\n` : table(),
);

function table(): string {
  const header = ['', 'paired step', 'Lockstep / it', 'whole run', 'Lockstep / it'];
  const lines = ratios.map(({ name, pairedStep, wholeRun, ...ratio }) => [
    name,
    `${pairedStep.toFixed(1)} ms`,
    ratio.lockstepRatio.toFixed(2),
    `${wholeRun.toFixed(1)} s`,
    ratio.lockstepWholeRunRatio.toFixed(2),
  ]);
  const all = [header, ...lines];
  const widths = header.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  const text = all.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  '),
  );
  return `${text.join('\n')}\nmedians of ${rounds} rounds of ${steps} steps on ${cores} cores\n`;
}

function lockstep(engine: EngineName): Contender {
  return {
    name: `lockstep ${engine}`,
    measure: async () => {
      const folder = await mkdtemp(join(workFolder, 'run-'));
      const { config, overrides } = network;
      const run = { engine, device, config, overrides, steps: steps + warmUp, warmUp };
      const { timing, wholeRun } = await measureRun({ ...run, folder });
      return { pairedStep: timing.paired, wholeRun };
    },
  };
}

function peer(framework: string, mode: string, arrangement: string): Contender {
  const name = `${framework} ${mode} ${arrangement}`;
  const allocator = Object.entries(
    engineEnvironment('tensorflow', { sessions: 2, cores, inherited: process.env }),
  ).filter(([key]) => key.startsWith('MALLOC') || key === 'LD_PRELOAD');
  const settings = [
    ['--steps', String(steps)],
    ['--warm-up', String(warmUp)],
    ['--cores', String(cores)],
    ['--device', device],
    ['--data', network.data],
    ['--network', network.description],
  ];
  const harness = join(peersFolder, 'harness.py');
  return {
    name,
    measure: async () => {
      const started = performance.now();
      const { code, output } = await runCommand(
        python,
        [harness, framework, mode, arrangement, ...settings.flat()],
        { environment: Object.fromEntries(allocator) },
      );
      const wholeRun = (performance.now() - started) / 1000;
      if (code !== 0) throw new Error(`${name} failed:\n${lastLines(output)}`);
      const { msPerStep } = JSON.parse(lastLines(output, 1)) as { msPerStep: number };
      return { pairedStep: msPerStep, wholeRun };
    },
  };
}
