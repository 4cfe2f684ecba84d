import { configHash } from '../config/hash.js';
import { loadConfigWithSources } from '../config/load.js';
import type { LoadedConfig } from '../config/load.js';
import { withoutSequence } from '../config/plan-sequence.js';
import { countPoints } from '../config/plan-points.js';
import type { Config } from '../config/schema.js';
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { splitWarnings } from '../data/splits/split-warnings.js';
import { splitTraining } from '../data/splits/split-training.js';
import { chooseEngine } from '../engines/choose.js';
import { gpuMemory } from '../engines/gpus.js';
import { engineGpus } from '../engines/status.js';
import { LockstepError } from '../protocol/index.js';
import type { DeviceRequest, EngineName } from '../protocol/index.js';
import { memoryLimits } from '../run/check-memory.js';
import type { MemoryLimit } from '../run/check-memory.js';
import { checkPoints } from '../run/check-points.js';
import { dataSources, distinctFiles, recordedFiles, sourceOf } from '../run/data-sources.js';
import { manifestSchemaVersion, planCells, planTrials } from '../run/manifest.js';
import type { Manifest, Provenance } from '../run/manifest.js';
import { pointConfig } from '../run/point-config.js';
import { ownCode } from '../run/own-code.js';
import { requireProgramFiles } from '../run/program-files.js';
import { collectProvenance } from '../run/provenance.js';
import { createRunId } from '../run/run-directory.js';
import { trainingWarnings } from '../run/training-warnings.js';
import { describePlan } from './dry-run.js';
import { inspectModules } from './inspect-modules.js';
import type { DryRun } from './dry-run.js';
import type { Schedule } from './execute-run.js';
import type { Surroundings } from './surroundings.js';

/** More trials than this are often a mistake, and need a yes. */
export const manyTrials = 1000;
/** More than this are not even listed. */
const mostTrials = 100_000;

/** The configuration a user asks for: a file, the name of a shipped one or its values, and what overrides it. */
export interface ConfigRequest {
  readonly config: string | Readonly<Record<string, unknown>>;
  /** `path=value`. */
  readonly set: readonly string[];
  readonly seeds?: string | undefined;
}

export interface EngineRequest {
  readonly engine: EngineName | 'auto';
  readonly device: DeviceRequest;
  readonly jobs: Schedule['jobs'];
  /** Whether each trial writes `trace.ndjson`. */
  readonly trace: boolean;
}

export function loadRequested(
  { config, set, seeds }: ConfigRequest,
  { cwd }: Surroundings,
): Promise<LoadedConfig> {
  return loadConfigWithSources({ file: config, overrides: set, seeds, cwd });
}

/** The configuration without its sweep and its plan of looks: what `lockstep run` trains of it. */
export function fixedRun({ config: { sweep: _, ...config }, ...origin }: LoadedConfig) {
  return { ...origin, config: withoutSequence(config) };
}

/**
 * @param agreed to more trials than {@link manyTrials}
 * @throws LockstepError `usage` without a sweep, and for more trials than were agreed to
 */
export function requireSweep({ sweep, seeds, ...config }: Config, agreed: boolean): void {
  if (sweep === undefined) {
    throw new LockstepError('usage', 'sweep: expected a sweep in the configuration, got none', {
      hint: `Add one, for instance --set 'sweep={method: grid, parameters: {training.optimizer.learningRate: {values: [0.01, 0.1]}}}'.`,
    });
  }
  const asked = countPoints(sweep) * seeds.length;
  if (asked > mostTrials) {
    throw new LockstepError(
      'usage',
      `sweep: expected at most ${mostTrials} trials, got ${asked} (points x seeds)`,
      { hint: 'Take fewer values or seeds, or a random search.' },
    );
  }
  const trials = planTrials({ ...config, sweep, seeds }).length;
  if (trials > manyTrials && !agreed) {
    throw new LockstepError(
      'usage',
      `sweep: expected at most ${manyTrials} trials without --yes, got ${trials}`,
      { hint: 'List them with --dry-run, then add --yes to run them.' },
    );
  }
}

export interface PlannedRun {
  /** What is to be frozen. */
  readonly manifest: Manifest;
  /** What would be trained, for people to look at first. */
  readonly plan: DryRun;
  /** What is probably wrong with it, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Checks everything that can be known before training.
 * @param variance makes the trials cells of a Latin square
 */
export async function planRun(
  { config, sources, overrides, blame }: LoadedConfig,
  { engine: name, device, trace, jobs }: EngineRequest,
  { clock }: Surroundings,
  variance?: Manifest['variance'],
): Promise<PlannedRun> {
  const engine = chooseEngine(name, device);
  await requireProgramFiles(config).catch((error: unknown) => {
    throw error instanceof LockstepError ? blame(error) : error;
  });
  const memory = memoryOf(engine.name, { device, jobs });
  const ofData = dataSources(config);
  const files: Provenance['data'][] = [];
  const warnings: string[] = [];
  const datasets: NonNullable<Manifest['datasets']>[number][] = [];
  let first: Dataset | undefined;
  // One after the other: they need not fit into memory together.
  for (const data of ofData) {
    const dataset = await loadDataset(data).catch((error: unknown) => {
      throw error instanceof LockstepError && ofData.length === 1 ? blame(error) : error;
    });
    checkPoints(config, dataset, memory, blame, data);
    files.push(recordedFiles(dataset, data, config));
    const place = ofData.length === 1 ? '' : `${dataset.name}: `;
    const found = splitWarnings(splitTraining(dataset, data), data);
    warnings.push(...found.map((warning) => place + warning));
    datasets.push({ source: sourceOf(data), trainingExamples: dataset.train.count });
    first ??= dataset;
  }
  const parameters = await inspectModules(config, first!, engine.name).catch((error: unknown) => {
    throw error instanceof LockstepError ? blame(error) : error;
  });
  const now = new Date(clock());
  const manifest: Manifest = {
    schemaVersion: manifestSchemaVersion,
    runId: createRunId(config.name, now),
    createdAt: now.toISOString(),
    config,
    configHash: configHash(config),
    origin: { sources, overrides },
    engine,
    trace,
    trials: variance ? planCells(config, variance.levels) : planTrials(config),
    ...(variance && { variance }),
    ...(ofData.length === 1 ? { trainingExamples: first!.train.count } : { datasets }),
    provenance: await collectProvenance(distinctFiles(files), await ownCode(config)),
  };
  warnings.push(...lengthWarnings(manifest));
  return { manifest, plan: describePlan(manifest, first!, parameters), warnings };
}

/** Those of the points, each once. */
function lengthWarnings(manifest: Manifest): string[] {
  const points = new Map(manifest.trials.map(({ point }) => [JSON.stringify(point), point]));
  const found = [...points.values()].flatMap((point) =>
    trainingWarnings(pointConfig(manifest, point)),
  );
  return [...new Set(found)];
}

/** What limits the memory of the trials that run at the same time; `auto`: as many as there is memory for. */
export function memoryOf(
  engine: EngineName,
  { device, jobs }: Pick<EngineRequest, 'device' | 'jobs'>,
): MemoryLimit[] {
  const onGpu = device !== 'cpu' && engineGpus(engine).length > 0;
  return memoryLimits(engine, {
    jobs: jobs === 'auto' ? 1 : jobs,
    onGpu,
    gpus: onGpu ? gpuMemory() : [],
  });
}
