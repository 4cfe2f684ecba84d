import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { defer, from, of } from 'rxjs';
import type { ProgramVariant } from '../model/variant.js';
import { digest } from '../protocol/digest.js';
import { LockstepError } from '../protocol/index.js';
import type { SplitName, Splits, Sums } from '../protocol/index.js';
import type {
  SavedAs,
  SessionState,
  SessionStep,
  VariantBackend,
  VariantData,
  VariantPlan,
  VariantSession,
} from './backend.js';
import { dtypeOf, encodeRows, writeDataFiles } from './program/data-files.js';
import type { DataFiles } from './program/data-files.js';
import { protocolVersion } from './program/messages.js';
import { Program } from './program/program.js';

type Plan = VariantPlan<ProgramVariant>;
type Task<Name extends 'step' | 'evaluate'> = Parameters<VariantSession[Name]>[0];

/** What a metric is the mean of over examples. */
interface Mean {
  /** The sum's name. */
  readonly sum: string;
  /** Whether it counts examples. */
  readonly counts: boolean;
}

/** What programs are told of their trial. */
export interface ProgramCircumstances {
  /** Absolute. */
  readonly trialFolder: string;
  readonly trial: number;
  readonly seed: number;
  /** int32 seed of the order of the training examples. */
  readonly dataSeed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly evaluateMinibatch: boolean;
  /** Whether programs that do not save are refused: the best state of each is evaluated in the end. */
  readonly mustSave: boolean;
  /** By metric; those that are no means are left out. */
  readonly means: Readonly<Record<string, Mean>>;
  /** The folder with all built-in variants' initial weights, relative to the trial's; absent: there is none. */
  readonly initialCheckpoint: string | undefined;
}

/** Trains variants with programs of the user's, one process group each. */
export function programBackend(trial: ProgramCircumstances): VariantBackend<ProgramVariant> {
  const folder = join(trial.trialFolder, 'programs');
  const dataFolder = join(folder, 'data');
  let written: Promise<DataFiles> | undefined;
  let sessions = 0;

  async function release(): Promise<void> {
    sessions -= 1;
    if (sessions > 0) return;
    written = undefined;
    await rm(dataFolder, { recursive: true, force: true });
  }
  return {
    async open(plan, data) {
      const { name, program: settings } = plan.variant;
      const own = join(folder, name);
      const { command, timeout } = settings;
      const program = new Program({
        ...{ variant: name, command, timeout },
        outputPath: join(own, 'output.log'),
      });
      sessions += 1;
      try {
        const loaded = await data;
        written ??= writeDataFiles(dataFolder, loaded);
        const hello = helloOf(plan, trial, own, loaded, await written);
        const { saves, parameters } = await program.ask('ready', 'its start', hello);
        if (trial.mustSave && !saves) throw cannotStopEarly(name);
        const facts = parameters === undefined ? {} : { parameters };
        const options = { plan, trial, program, splits: loaded.splits, saves, own };
        return { ...createSession(options), facts, destroy: () => program.close().then(release) };
      } catch (error) {
        await program.close();
        await release();
        throw error;
      }
    },
  };
}

function helloOf(
  { variant, seeds, restore, metrics, minibatchMetrics, augmentation }: Plan,
  {
    trialFolder,
    initialCheckpoint,
    dataSeed,
    means: _,
    mustSave: __,
    ...trial
  }: ProgramCircumstances,
  folder: string,
  { splits }: VariantData,
  files: DataFiles,
) {
  const { name, program, optimizer, objective, input } = variant;
  const step = restore?.step ?? 0;
  const saved = step === 0 ? undefined : savedState(folder, step);
  if (step > 0 && saved === undefined) {
    const missing = stateFolder(folder, step);
    throw new LockstepError('data', `${missing}: expected the state that ${name} saved, got none`, {
      hint: `Remove the checkpoint of step ${step}: the trial then goes on from an older one, or starts again.`,
    });
  }
  const { inputs, targets } = splits.train;
  return {
    type: 'hello',
    protocol: protocolVersion,
    variant: name,
    ...trial,
    streams: { data: dataSeed, ...seeds },
    options: program.options,
    feed: program.feed,
    metrics: [...metrics],
    minibatchMetrics: [...minibatchMetrics],
    optimizer,
    objective,
    augmentation: augmentation ?? [],
    examples: {
      inputs: { shape: inputs.shape, dtype: dtypeOf(inputs.values) },
      targets: { shape: targets.shape, dtype: dtypeOf(targets.values) },
    },
    data: files.splits,
    scaling: files.scalings[input] ?? null,
    folder,
    initialCheckpoint:
      initialCheckpoint === undefined ? null : join(trialFolder, initialCheckpoint),
    resume: saved === undefined ? null : { step, folder: saved },
  };
}

interface SessionOptions {
  readonly plan: Plan;
  readonly trial: ProgramCircumstances;
  readonly program: Program;
  readonly splits: Splits;
  readonly saves: boolean;
  /** The variant's folder. */
  readonly own: string;
}

type OpenSession = Pick<VariantSession, 'variant' | 'step' | 'evaluate' | 'save'>;

function createSession(options: SessionOptions): OpenSession {
  const { plan, program } = options;
  const { name, optimizer } = plan.variant;
  let lastStep = plan.restore?.step ?? 0;
  let lastAnswer = 0;

  async function step({ step: number, indices, evaluate, learningRate }: Task<'step'>) {
    const asked = performance.now();
    const what = `step ${number}`;
    const answer = await program.ask('step', what, {
      ...{ type: 'step', step: number, evaluate },
      learningRate: learningRate ?? optimizer.learningRate,
      ...fed(options, 'train', indices),
    });
    const now = performance.now();
    const trainMs = now - Math.max(asked, lastAnswer);
    lastAnswer = now;
    lastStep = number;
    requireProof(options, number, answer);
    const { positionsDigest: indicesDigest, targetsDigest } = answer;
    const reply: SessionStep = {
      step: number,
      examples: indices.length,
      sums: sumsOf(options, what, plan.minibatchMetrics, answer.metrics, indices.length),
      ...(indicesDigest !== undefined && { indicesDigest }),
      ...(targetsDigest !== undefined && { targetsDigest }),
      trainMs,
      evalMs: 0,
    };
    return reply;
  }

  async function evaluate({ split, indices, predict }: Task<'evaluate'>) {
    const what = `the evaluation on ${split}`;
    const { metrics, predictions, confidences } = await program.ask('evaluate', what, {
      ...{ type: 'evaluate', step: lastStep, split, examples: indices.length },
      predict: predict === true,
      ...fed(options, split, indices),
    });
    if (predict === true) requirePredictions(options, indices.length, predictions, confidences);
    return {
      examples: indices.length,
      sums: sumsOf(options, what, plan.metrics, metrics, indices.length),
      ...(predictions && predict === true && { predictions: Uint8Array.from(predictions) }),
      ...(confidences && predict === true && { confidences: Float32Array.from(confidences) }),
    };
  }
  return {
    variant: name,
    step: (task) => defer(() => from(step(task))),
    evaluate: (task) => defer(() => from(evaluate(task))),
    save: (as) =>
      // Before its first step a program has nothing of its own to keep.
      lastStep === 0
        ? of({ step: 0, tensors: {} })
        : defer(() => from(save(options, lastStep, as))),
  };
}

/** The minibatch in the form that the variant asks for. */
function fed({ plan, splits }: SessionOptions, split: SplitName, indices: Int32Array) {
  const { feed } = plan.variant.program;
  if (feed === 'none') return {};
  const positions = Array.from(indices);
  if (feed === 'positions') return { positions };
  const { inputs, targets } = splits[split];
  return { positions, inputs: encodeRows(inputs, indices), targets: encodeRows(targets, indices) };
}

async function save(
  { program, saves, own }: SessionOptions,
  step: number,
  as: SavedAs,
): Promise<SessionState> {
  if (!saves) return { step };
  // A variant that has stopped early is in the checkpoints of later steps, too.
  const folder = as === 'best' ? bestFolder(own, step) : stateFolder(own, as.checkpoint);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await program.ask('save', `saving step ${step}`, { type: 'save', step, folder });
  await writeFile(join(folder, savedName), `${JSON.stringify({ step })}\n`);
  await removeStates(own, basename(folder));
  return { step, tensors: {} };
}

/** Written last, it vouches for a state; and a folder without files would not reach another machine. */
const savedName = 'saved.json';

/** The state after a step, wherever it was kept. */
function savedState(own: string, step: number): string | undefined {
  return [stateFolder(own, step), bestFolder(own, step)].find((folder) =>
    existsSync(join(folder, savedName)),
  );
}

function bestFolder(own: string, step: number): string {
  return join(own, `best-${stateName(step)}`);
}

function stateFolder(own: string, step: number): string {
  return join(own, stateName(step));
}

function stateName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** Removes the states of checkpoints that are gone, or the one that is no longer the best. */
async function removeStates(own: string, current: string): Promise<void> {
  const checkpoints = join(own, '..', '..', 'checkpoints');
  const replaced = current.startsWith('best-') ? /^best-step-\d+$/ : /^step-\d+$/;
  for (const name of await readdir(own)) {
    if (!replaced.test(name) || name === current) continue;
    if (existsSync(join(checkpoints, name))) continue;
    await rm(join(own, name), { recursive: true, force: true });
  }
}

/** @throws LockstepError `worker` where the answer is of another step, or has no digest of what it was fed */
function requireProof(
  { plan }: SessionOptions,
  step: number,
  answer: { readonly step: number; readonly positionsDigest?: string | undefined },
): void {
  const { name, program } = plan.variant;
  if (answer.step !== step)
    throw wrong(name, `step ${step}`, `expected step ${step}, got step ${answer.step}`);
  if (program.feed === 'none' || answer.positionsDigest !== undefined) return;
  const example = digest(Int32Array.of(0, 1));
  throw wrong(
    name,
    `step ${step}`,
    `expected positionsDigest, the XXH64 of its int32 positions (of [0, 1]: ${example}), got none`,
  );
}

function requirePredictions(
  { plan }: SessionOptions,
  examples: number,
  predictions: readonly number[] | undefined,
  confidences: readonly number[] | undefined,
): void {
  for (const [key, values] of Object.entries({ predictions, confidences })) {
    if (values?.length === examples || (key === 'confidences' && values === undefined)) continue;
    const got = values === undefined ? 'none' : String(values.length);
    throw wrong(plan.variant.name, 'predicting', `expected ${examples} ${key}, got ${got}`);
  }
}

/** The sums that a mean over the examples comes from. */
function sumsOf(
  { plan: { variant }, trial: { means } }: SessionOptions,
  what: string,
  names: readonly string[],
  metrics: Readonly<Record<string, number>>,
  examples: number,
): Sums {
  const hasDiverged = metrics.loss !== undefined && !Number.isFinite(metrics.loss);
  return Object.fromEntries(
    names.flatMap((name) => {
      const mean = means[name];
      if (mean === undefined) return [];
      // Once the loss is not finite, nothing else is due.
      const value = metrics[name] ?? (hasDiverged ? NaN : undefined);
      if (value === undefined) {
        const got = Object.keys(metrics).join(', ') || 'none';
        throw wrong(variant.name, what, `expected the metric ${name}, got ${got}`);
      }
      const sum = value * examples;
      const whole = Math.round(sum);
      // A share in float32 gives its count to about a thousandth.
      return [[mean.sum, mean.counts && Math.abs(sum - whole) < 1e-3 ? whole : sum]];
    }),
  );
}

function cannotStopEarly(variant: string): LockstepError {
  return new LockstepError(
    'usage',
    `variant ${variant}: expected a program that saves, as training.earlyStopping evaluates its best state in the end, got "saves": false`,
    {
      path: ['training', 'earlyStopping'],
      hint: 'Save and resume in the program (docs/programs.md), or remove training.earlyStopping.',
    },
  );
}

function wrong(variant: string, at: string, problem: string): LockstepError {
  return new LockstepError(
    'worker',
    `variant ${variant}: its program failed at ${at}: ${problem}`,
    {
      hint: 'docs/programs.md describes the protocol.',
    },
  );
}
