import { join } from 'node:path';
import type { Outcome } from '../log/records.js';
import { trialAt } from '../run/manifest.js';
import type { Manifest, Trial } from '../run/manifest.js';
import { readManifest, trialFiles } from '../run/run-directory.js';
import { movedFolder } from '../run/moved-data.js';
import { readResult } from '../run/result.js';
import type { TrialMessage } from '../trial/messages.js';
import { checkpointPath } from '../checkpoint/checkpoints.js';
import { metricKind } from '../metrics/registry.js';
import { isProgram } from '../model/variant.js';
import type { TrialPlan } from '../trial/plan.js';
import { startWorkerThread } from '../variants/worker-thread.js';
import type { Surroundings } from './surroundings.js';

export interface TrialRequest {
  /** Absolute. */
  readonly runFolder: string;
  /** As typed. */
  readonly index: string;
  /** Where datasets are that are not where the run had them: as {@link movedData} takes it. */
  readonly data: readonly string[];
}

/** Runs one trial of a frozen manifest in this process; a finished one is left alone. */
export async function runOneTrial(
  { runFolder, index, data }: TrialRequest,
  tell: (message: TrialMessage) => void,
  surroundings: Surroundings,
): Promise<Outcome> {
  const manifest = await readManifest(runFolder);
  const trial = trialAt(manifest, index, join(runFolder, 'manifest.json'));
  const done = await readResult(trialFiles(runFolder, trial.index).result);
  return done?.outcome ?? train({ manifest, trial, runFolder, data, tell }, surroundings);
}

function programCircumstances(plan: TrialPlan, trialFolder: string) {
  const { config, trial, streams, steps, metrics } = plan;
  return {
    trialFolder,
    trial: trial.index,
    seed: trial.seed,
    dataSeed: streams.data,
    steps,
    batchSize: config.data.batchSize,
    means: meansOf(metrics),
    mustSave: config.training.earlyStopping !== undefined,
    evaluateMinibatch: config.evaluation.minibatch,
    initialCheckpoint: config.checkpoint.initial ? checkpointPath(0) : undefined,
  };
}

function meansOf(metrics: readonly string[]) {
  return Object.fromEntries(
    metrics.flatMap((name) => {
      const { meanOf, count } = metricKind(name);
      return meanOf === undefined ? [] : [[name, { sum: meanOf, counts: count !== undefined }]];
    }),
  );
}

interface TrainOptions {
  readonly manifest: Manifest;
  readonly trial: Trial;
  readonly runFolder: string;
  readonly data: readonly string[];
  readonly tell: (message: TrialMessage) => void;
}

async function train(
  { manifest, trial, runFolder, data: asked, tell }: TrainOptions,
  { stop, clock, cwd }: Surroundings,
): Promise<Outcome> {
  // They load their engines while this thread loads all that the rest of a trial is made of.
  const threads = new Map(
    Object.entries(manifest.config.variants)
      .filter(([, { program }]) => program === undefined)
      .map(([variant]) => [variant, startWorkerThread(manifest.engine.name)]),
  );
  try {
    const [
      { runTrial },
      { planTrial },
      { threadBackend },
      { programBackend },
      { loadRecordedDataset },
    ] = await Promise.all([
      import('../trial/run-trial.js'),
      import('../trial/plan.js'),
      import('../variants/thread-backend.js'),
      import('../variants/program-backend.js'),
      import('../run/recorded-dataset.js'),
    ]);
    const plan = planTrial(manifest, trial);
    const { data } = plan.config;
    const moved = movedFolder(manifest.config, data, { asked, cwd });
    const files = trialFiles(runFolder, trial.index);
    const networks = threadBackend(threads, {
      steps: plan.steps,
      batchSize: plan.config.data.batchSize,
    });
    const programs = programBackend(programCircumstances(plan, files.folder));
    return await runTrial({
      manifest,
      plan,
      files,
      loadDataset: () => loadRecordedDataset(runFolder, manifest, data, moved),
      backend: {
        open({ variant, ...rest }, data) {
          return isProgram(variant)
            ? programs.open({ ...rest, variant }, data)
            : networks.open({ ...rest, variant }, data);
        },
      },
      stop,
      clock,
      onRecord: (record) => {
        tell({ kind: 'record', record });
      },
      onNotice: (text) => {
        tell({ kind: 'notice', text });
      },
    });
  } finally {
    // Those of a trial that failed before it had a use for them.
    await Promise.all([...threads.values()].map(({ piscina }) => piscina.destroy()));
  }
}
