/**
 * Looks at all that only a machine with an NVIDIA GPU can show: `npm run check:gpu`.
 *
 * 1. Sets the native engine up with CUDA (`lockstep setup --gpu`).
 * 2. Trains the tutorial and a network of CIFAR-10's size with both sessions on one GPU, and compares each loss of the first steps
 *    with the CPU's: float32 sums in another order differ by about 1e-6, TensorFloat-32 products by about 1e-3.
 * 3. Counts what a step fetches from the GPU: the metrics of the minibatch, and nothing else.
 * 4. Measures the paired step against TensorFlow and PyTorch on the same GPU.
 *
 *     --device cpu   tries this check itself, without a GPU: the CPU against itself
 *     --rounds N     of the measurement, 0 for none (default 3)
 *     --json         one JSON document
 *
 * Ends with 0 when all is as it should be, with 1 when something is not, and with 2 where there is no GPU.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureRun } from '../src/bench/measure.js';
import { loadConfig } from '../src/config/load.js';
import { engineEnvironment } from '../src/engines/environment.js';
import { gpuMemory, listGpus } from '../src/engines/gpus.js';
import { lastLines, runCommand } from '../src/setup/process.js';
import { loadEngine } from '../workers/engines/load.js';
import type { NativeBackend } from '../workers/engines/tensorflow/binding.js';
import { tf } from '../workers/tf.js';
import { loadBenchNetwork } from './bench-networks.js';
import type { BenchNetwork } from './bench-networks.js';
import { choiceFlag, wholeFlag } from './flags.js';
import { openSessions } from './open-sessions.js';

type Device = 'cpu' | 'gpu';

/** What was looked at, and whether it is as it should be. */
interface Finding {
  readonly what: string;
  readonly found: string;
  readonly right: boolean;
}

const networks = ['tutorial', 'cifar'];
const comparedSteps = 10;
/** Of a loss, relative to the CPU's. */
const tolerance = 5e-3;

const { values: flags } = parseArgs({
  options: {
    device: { type: 'string', default: 'gpu' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    // The part that needs the engine in its own process.
    reads: { type: 'string' },
  },
});
const device = choiceFlag('--device', flags.device, ['gpu', 'cpu']);
const rounds = wholeFlag('--rounds', flags.rounds, 0);
const main = fileURLToPath(new URL('../bin/lockstep.js', import.meta.url));
const workFolder = await mkdtemp(join(tmpdir(), 'lockstep-gpu-'));
process.on('exit', () => {
  rmSync(workFolder, { recursive: true, force: true });
});

if (flags.reads === undefined) process.exitCode = await check();
else process.stdout.write(`${JSON.stringify(await countReads(flags.reads))}\n`);

async function check(): Promise<number> {
  if (device === 'gpu' && listGpus().length === 0 && gpuMemory().length === 0) {
    process.stderr.write(
      'Expected an NVIDIA GPU, got none: neither the driver nor nvidia-smi shows one. `--device cpu` tries this check itself.\n',
    );
    return 2;
  }
  const setup = device === 'gpu' ? ['setup', '--gpu'] : ['setup'];
  await must('set up', [main, ...setup]);
  const findings: Finding[] = [];
  for (const network of networks) {
    findings.push(...(await compare(network)), await readsOf(network));
  }
  const measured = rounds === 0 ? [] : await measure();
  const isRight = findings.every(({ right }) => right);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ device, isRight, findings, measured }, null, 2)}\n`);
  } else {
    for (const { right, what, found } of findings) {
      process.stdout.write(`${right ? 'as expected' : 'NOT AS EXPECTED'}  ${what}: ${found}\n`);
    }
    for (const { network, rows } of measured) {
      for (const { name, pairedStep, lockstepRatio } of rows) {
        const ratio = lockstepRatio.toFixed(2);
        process.stdout.write(
          `${network}  ${name}: ${pairedStep.toFixed(1)} ms a paired step, Lockstep / it ${ratio}\n`,
        );
      }
    }
  }
  return isRight ? 0 : 1;
}

/** Trains on the device and on the CPU, and compares the losses. */
async function compare(name: string): Promise<Finding[]> {
  // The same images for both.
  const network = await loadBenchNetwork(
    name,
    comparedSteps,
    await mkdtemp(join(workFolder, 'data-')),
  );
  const there = await trainOn(device, network);
  const here = await trainOn('cpu', network);
  const deviations = there.losses.map(
    (loss, at) => Math.abs(loss - here.losses[at]!) / Math.abs(here.losses[at]!),
  );
  const most = Math.max(...deviations);
  const isWhole = there.losses.length === 2 * comparedSteps;
  return [
    {
      what: `${name}: where both sessions trained`,
      found: there.devices.join(', '),
      right: there.devices.length === 1 && there.devices[0]!.startsWith(device),
    },
    {
      what: `${name}: losses of ${comparedSteps} steps against the CPU's, largest relative deviation`,
      found: isWhole ? most.toExponential(1) : `${there.losses.length} losses`,
      right: isWhole && most <= tolerance,
    },
  ];
}

async function trainOn(where: Device, { config, overrides }: BenchNetwork) {
  process.stderr.write(`training ${config} on the ${where} …\n`);
  const folder = await mkdtemp(join(workFolder, 'run-'));
  const run = { engine: 'tensorflow', device: where, config, overrides, folder } as const;
  const { records } = await measureRun({ ...run, steps: comparedSteps, warmUp: 1 });
  return {
    losses: records
      .filter((record) => record.event === 'step')
      .flatMap(({ variants }) => Object.values(variants).map(({ scores }) => Number(scores.loss))),
    devices: records
      .filter((record) => record.event === 'trial.start')
      .map(({ engine }) => engine.device),
  };
}

async function readsOf(network: string): Promise<Finding> {
  const environment = engineEnvironment('tensorflow', {
    sessions: 2,
    cores: availableParallelism(),
    inherited: process.env,
    ...(device === 'cpu' ? { visibleDevices: '' } : {}),
  });
  const script = fileURLToPath(import.meta.url);
  const args = [script, '--reads', network, '--device', device];
  const output = await must(`counting what ${network} fetches`, args, environment);
  const { reads, metrics, where } = JSON.parse(lastLines(output, 1)) as Reads;
  return {
    what: `${network}: tensors a step fetches from the ${where}, of ${metrics} minibatch metrics`,
    found: String(reads),
    right: where === device && reads <= metrics,
  };
}

interface Reads {
  /** Tensors fetched in a step, on average. */
  readonly reads: number;
  /** Numbers that a step logs of its minibatch. */
  readonly metrics: number;
  readonly where: Device;
}

/** Trains the first variant in this process, and counts the tensors whose values are fetched. */
async function countReads(name: string): Promise<Reads> {
  const { config: file, overrides } = await loadBenchNetwork(name, comparedSteps, workFolder);
  const config = await loadConfig({ file, overrides, cwd: process.cwd() });
  const engine = await loadEngine('tensorflow');
  const { sessions, minibatch, minibatchMetrics } = await openSessions(engine, config);
  const { session } = sessions[0]!;
  const train = (step: number) => {
    const { indices } = minibatch(step);
    session.step({ sessionId: 'bench', step, indices, evaluate: true });
  };
  for (let step = 1; step <= comparedSteps; step++) train(step);
  const backend = tf.backend() as NativeBackend;
  const { binding } = backend;
  let fetched = 0;
  // The binding itself cannot be changed.
  backend.binding = Object.create(binding, {
    tensorDataSync: {
      value(id: number) {
        fetched += 1;
        return binding.tensorDataSync(id);
      },
    },
  }) as typeof binding;
  for (let step = 1; step <= comparedSteps; step++) train(comparedSteps + step);
  const where = engine.describe().device.startsWith('gpu') ? 'gpu' : 'cpu';
  return { reads: fetched / comparedSteps, metrics: minibatchMetrics.length, where };
}

interface Measured {
  readonly network: string;
  readonly rows: readonly {
    readonly name: string;
    readonly pairedStep: number;
    readonly lockstepRatio: number;
  }[];
}

async function measure(): Promise<Measured[]> {
  const script = fileURLToPath(new URL('bench-peers.js', import.meta.url));
  const measured: Measured[] = [];
  for (const network of networks) {
    const args = ['--network', network, '--device', device, '--rounds', String(rounds), '--json'];
    const output = await must(`measuring ${network}`, [script, ...args]);
    const { rows } = JSON.parse(output.slice(output.indexOf('{'))) as Pick<Measured, 'rows'>;
    measured.push({ network, rows });
  }
  return measured;
}

async function must(
  what: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  process.stderr.write(`${what} …\n`);
  const { code, output } = await runCommand(process.execPath, args, { environment });
  if (code === 0) return output;
  process.stderr.write(`${what} failed:\n${lastLines(output)}\n`);
  process.exit(1);
}
