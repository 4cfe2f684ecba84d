import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { runOneTrial } from '../../app/run-trial.js';
import { exitCodes } from '../../protocol/index.js';
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
      exit(await runTrialProcess(runDir, index, context));
    },
  };
}

/** What a trial's process does, whoever started it. */
export async function runTrialProcess(
  runDir: string,
  index: string,
  context: CommandContext,
): Promise<ExitCode> {
  const tell = (message: TrialMessage) => {
    if (context.tellLauncher) context.tellLauncher(message);
    else if (message.kind === 'notice') context.stderr.write(`lockstep: ${message.text}\n`);
  };
  const outcome = await runOneTrial(resolve(context.cwd, runDir), index, tell, context);
  if (outcome === 'diverged') return exitCodes.diverged;
  return outcome === 'interrupted' ? exitCodes.interrupted : 0;
}
