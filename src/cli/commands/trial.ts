import { join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { startWorkerThread } from '../../variants/worker-thread.js';
import { exitCodes, LockstepError } from '../../protocol/index.js';
import type { Outcome } from '../../log/records.js';
import type { Manifest, Trial } from '../../run/manifest.js';
import { readManifest, trialFiles } from '../../run/run-directory.js';
import { readResult } from '../../run/trial-state.js';
import type { TrialMessage } from '../../trial/messages.js';
import type { CommandContext, ExitCode } from '../context.js';

interface TrialArguments {
  readonly runDir: string;
  readonly index: string;
}

/** `lockstep trial <runDir> <index>`: one trial of a frozen manifest; done is done. */
export function trialCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, TrialArguments> {
  return {
    command: 'trial <runDir> <index>',
    describe: 'Run one trial of a frozen manifest in this process; a finished one is left alone',
    builder: (yargs) =>
      yargs
        .positional('runDir', { type: 'string', demandOption: true, describe: 'Folder of the run' })
        .positional('index', {
          type: 'string',
          demandOption: true,
          describe: 'Index of the trial in the manifest, from 0',
        }),
    handler: async ({ runDir, index }) => {
      exit(await runOneTrial(resolve(context.cwd, runDir), index, context));
    },
  };
}

/** @param runFolder absolute */
export async function runOneTrial(
  runFolder: string,
  index: string,
  context: CommandContext,
): Promise<ExitCode> {
  const manifest = await readManifest(runFolder);
  const trial = /^\d+$/.test(index) ? manifest.trials[Number(index)] : undefined;
  if (trial === undefined) {
    throw new LockstepError(
      'usage',
      `${join(runFolder, 'manifest.json')}: expected a trial from 0 to ${manifest.trials.length - 1}, got ${index}`,
    );
  }
  const tell = (message: TrialMessage) => {
    if (context.tellLauncher) context.tellLauncher(message);
    else if (message.kind === 'notice') context.stderr.write(`lockstep: ${message.text}\n`);
  };
  const done = await readResult(trialFiles(runFolder, trial.index).result);
  const outcome = done?.outcome ?? (await train({ manifest, trial, runFolder, tell }, context));
  if (outcome === 'diverged') return exitCodes.diverged;
  return outcome === 'interrupted' ? exitCodes.interrupted : 0;
}

interface TrainOptions {
  readonly manifest: Manifest;
  readonly trial: Trial;
  readonly runFolder: string;
  readonly tell: (message: TrialMessage) => void;
}

async function train(
  { manifest, trial, runFolder, tell }: TrainOptions,
  { stop, clock }: CommandContext,
): Promise<Outcome> {
  // They load their engines while this one loads all that the rest of a trial is made of.
  const threads = new Map(
    Object.keys(manifest.config.variants).map((variant) => [
      variant,
      startWorkerThread(manifest.engine.name),
    ]),
  );
  try {
    const [{ runTrial }, { startPiscinaPool }, { loadDataset }] = await Promise.all([
      import('../../trial/run-trial.js'),
      import('../../variants/piscina-pool.js'),
      import('../../data/dataset.js'),
    ]);
    return await runTrial({
      manifest,
      trial,
      files: trialFiles(runFolder, trial.index),
      loadDataset: () => loadDataset(manifest.config.data),
      startPool(variant, engine) {
        const thread = threads.get(variant);
        threads.delete(variant);
        return startPiscinaPool(variant, engine, thread);
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
    // Of a trial that failed before it had a use for them.
    await Promise.all([...threads.values()].map(({ piscina }) => piscina.destroy()));
  }
}
