import { resolve } from 'node:path';
import { runOneTrial } from '../../app/run-trial.js';
import { exitCodes } from '../../protocol/index.js';
import type { TrialMessage } from '../../trial/messages.js';
import { cleanLines } from '../../text/text.js';
import { defineCommand } from '../command.js';
import type { CommandContext, ExitCode } from '../context.js';
import { text } from '../flags.js';

export const trial = defineCommand({
  name: 'trial',
  describe: 'Run one trial of a frozen manifest in this process; leave a finished one alone',
  positionals: {
    runDir: text('Folder of the run', { required: true, names: 'a run' }),
    index: text('Index of the trial in the manifest, from 0', { required: true }),
  },
  flags: {},
  run: ({ runDir, index }, context) => runTrialProcess(runDir, index, context),
});

/** What a trial's process does, whoever started it. */
export async function runTrialProcess(
  runDir: string,
  index: string,
  context: CommandContext,
): Promise<ExitCode> {
  const tell = (message: TrialMessage) => {
    if (context.tellLauncher) context.tellLauncher(message);
    else if (message.kind === 'notice')
      context.stderr.write(cleanLines(`lockstep: ${message.text}\n`));
  };
  const outcome = await runOneTrial(resolve(context.cwd, runDir), index, tell, context);
  if (outcome === 'diverged') return exitCodes.diverged;
  return outcome === 'interrupted' ? exitCodes.interrupted : 0;
}
