import { resolve } from 'node:path';
import { configHash } from '../config/hash.js';
import { loadConfigWithSources } from '../config/load.js';
import { printConfig } from '../config/print.js';
import type { Config } from '../config/schema.js';
import { loadDataset } from '../data/dataset.js';
import { chooseEngine } from '../engines/choose.js';
import { LockstepError } from '../protocol/index.js';
import type { DeviceRequest, EngineName } from '../protocol/index.js';
import { checkPoints } from '../run/check-points.js';
import { manifestSchemaVersion, planTrials } from '../run/manifest.js';
import type { Manifest } from '../run/manifest.js';
import { collectProvenance } from '../run/provenance.js';
import { createRunDirectory, createRunId } from '../run/run-directory.js';
import { withRunLock } from '../run/run-lock.js';
import type { CommandContext, ExitCode } from '../cli/context.js';
import { executeTrials } from './execute-trials.js';
import { once, parseOutput, parseSchedule } from '../cli/options.js';
import { renderDryRun } from '../cli/render-dry-run.js';
import type { TrainingArguments } from '../cli/training-options.js';

/**
 * Loads a configuration, makes a run of it and trains it.
 * @param select what to train of the configuration; throws for one that the command does not train
 */
export async function train(
  args: TrainingArguments,
  context: CommandContext,
  select: (config: Config) => Config,
): Promise<ExitCode> {
  const output = parseOutput(args);
  const schedule = parseSchedule(args);
  const out = once(args.out, '--out');
  if (out === '') throw new LockstepError('usage', '--out: expected a folder, got nothing');
  const { config: loaded, ...origin } = await loadConfigWithSources({
    file: once(args.config, 'config'),
    overrides: args.set,
    seeds: once(args.seeds, '--seeds'),
    cwd: context.cwd,
  });
  if (args.printConfig) {
    context.stdout.write(
      output.json ? `${JSON.stringify(loaded, null, 2)}\n` : printConfig(loaded),
    );
    return 0;
  }
  const manifest = await createManifest(select(loaded), origin, args, context);
  if (args.dryRun) {
    context.stdout.write(renderDryRun(manifest, output));
    return 0;
  }
  const runFolder = await createRunDirectory(resolve(context.cwd, out), manifest);
  const { trials } = manifest;
  return withRunLock(runFolder, () =>
    executeTrials({ manifest, runFolder, trials, schedule, output }, context),
  );
}

/** Checks everything that can be known before training, and freezes it. */
async function createManifest(
  config: Config,
  origin: Manifest['origin'],
  args: TrainingArguments,
  context: CommandContext,
): Promise<Manifest> {
  const engine = chooseEngine(
    once(args.engine, '--engine') as EngineName | 'auto',
    once(args.device, '--device') as DeviceRequest,
  );
  const dataset = await loadDataset(config.data);
  checkPoints(config, dataset);
  const now = new Date(context.clock());
  return {
    schemaVersion: manifestSchemaVersion,
    runId: createRunId(config.name, now),
    createdAt: now.toISOString(),
    config,
    configHash: configHash(config),
    origin,
    engine,
    trace: args.trace,
    trials: planTrials(config),
    provenance: await collectProvenance(dataset.files),
  };
}
