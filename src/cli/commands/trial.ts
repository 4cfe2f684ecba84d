import { join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { loadDataset } from '../../data/dataset.js';
import { startPiscinaPool } from '../../pipeline/piscina-pool.js';
import { exitCodes, LockstepError } from '../../protocol/index.js';
import { readManifest, trialFiles } from '../../run/run-directory.js';
import type { TrialMessage } from '../../trial/messages.js';
import { runTrial } from '../../trial/run-trial.js';
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
  const files = trialFiles(runFolder, trial.index);
  const tell = (message: TrialMessage) => {
    if (context.tellLauncher) context.tellLauncher(message);
    else if (message.kind === 'notice') context.stderr.write(`lockstep: ${message.text}\n`);
  };
  const outcome = await runTrial({
    manifest,
    trial,
    files,
    loadDataset: () => loadDataset(manifest.config.data),
    startPool: startPiscinaPool,
    stop: context.stop,
    clock: context.clock,
    onRecord: (record) => {
      tell({ kind: 'record', record });
    },
    onNotice: (text) => {
      tell({ kind: 'notice', text });
    },
  });
  if (outcome === 'diverged') return exitCodes.diverged;
  return outcome === 'interrupted' ? exitCodes.interrupted : 0;
}
