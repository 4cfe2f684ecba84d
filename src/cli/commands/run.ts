import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { configHash } from '../../config/hash.js';
import { loadConfig } from '../../config/load.js';
import { printConfig } from '../../config/print.js';
import type { Config } from '../../config/types.js';
import { loadDataset } from '../../data/dataset.js';
import { chooseEngine } from '../../engines/choose.js';
import type { EngineName } from '../../protocol/index.js';
import { checkConfig } from '../../run/check-config.js';
import { manifestSchemaVersion } from '../../run/manifest.js';
import type { Manifest } from '../../run/manifest.js';
import { collectProvenance } from '../../run/provenance.js';
import { createRunDirectory, createRunId } from '../../run/run-directory.js';
import type { CommandContext, ExitCode } from '../context.js';
import { executeTrials } from '../execute-trials.js';
import { jobsOption, once, outputOptions, parseJobs, parseOutput } from '../options.js';
import type { OutputArguments } from '../options.js';
import { renderDryRun } from '../render-dry-run.js';

interface RunArguments extends OutputArguments {
  readonly config: string;
  readonly set: readonly string[];
  readonly seeds?: string;
  readonly engine: string;
  readonly out: string;
  readonly jobs: string;
  readonly trace: boolean;
  readonly dryRun: boolean;
  readonly printConfig: boolean;
}

/** `lockstep run [config]`: trains the variants over the configured seeds. */
export function runCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, RunArguments> {
  return {
    command: 'run [config]',
    describe: 'Train the variants of a configuration in lockstep, seed after seed',
    builder: (yargs) =>
      yargs
        .positional('config', {
          type: 'string',
          default: 'tutorial',
          describe: 'A YAML file, or the name of a shipped configuration',
        })
        .options({
          set: {
            type: 'string',
            array: true,
            nargs: 1,
            default: [] as string[],
            describe: 'Override a key: path=value; may be repeated',
          },
          seeds: { type: 'string', requiresArg: true, describe: 'Seeds: 1..10, 7 or 1,2,5' },
          engine: {
            type: 'string',
            choices: ['auto', 'wasm', 'tensorflow'],
            default: 'auto',
            requiresArg: true,
            describe: 'What computes: native TensorFlow where it is set up, or the embedded engine',
          },
          out: {
            type: 'string',
            default: 'runs',
            requiresArg: true,
            describe: 'Folder runs are made in',
          },
          jobs: jobsOption,
          trace: {
            type: 'boolean',
            default: false,
            describe: 'Also write trace.ndjson: the training examples of every step',
          },
          'dry-run': {
            type: 'boolean',
            default: false,
            describe: 'Check everything, list the trials and stop',
          },
          'print-config': {
            type: 'boolean',
            default: false,
            describe: 'Print the resolved configuration and stop',
          },
          ...outputOptions,
        }) as never,
    handler: async (args) => {
      exit(await run(args, context));
    },
  };
}

async function run(args: RunArguments, context: CommandContext): Promise<ExitCode> {
  const output = parseOutput(args);
  const jobs = parseJobs(args.jobs);
  const config = await loadConfig({
    file: once(args.config, 'config'),
    overrides: args.set,
    seeds: once(args.seeds, '--seeds'),
    cwd: context.cwd,
  });
  if (args.printConfig) {
    context.stdout.write(
      output.json ? `${JSON.stringify(config, null, 2)}\n` : printConfig(config),
    );
    return 0;
  }
  const manifest = await createManifest(config, args, context);
  if (args.dryRun) {
    context.stdout.write(renderDryRun(manifest, output));
    return 0;
  }
  const out = once(args.out, '--out');
  const runFolder = await createRunDirectory(resolve(context.cwd, out), manifest);
  return executeTrials({ manifest, runFolder, trials: manifest.trials, jobs, output }, context);
}

/** Checks everything that can be known before training, and freezes it. */
async function createManifest(
  config: Config,
  args: RunArguments,
  context: CommandContext,
): Promise<Manifest> {
  const engine = chooseEngine(once(args.engine, '--engine') as EngineName | 'auto');
  const dataset = await loadDataset(config.data);
  checkConfig(config, dataset);
  const now = new Date(context.clock());
  return {
    schemaVersion: manifestSchemaVersion,
    runId: createRunId(config.name, now),
    createdAt: now.toISOString(),
    config,
    configHash: configHash(config),
    engine,
    trace: args.trace,
    trials: config.seeds.map((seed, index) => ({ index, point: {}, seed })),
    provenance: await collectProvenance(dataset.files),
  };
}
