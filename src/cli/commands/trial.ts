import { resolve } from 'node:path';
import { runOneTrial } from '../../app/run-trial.js';
import { exitCodes } from '../../protocol/index.js';
import { isRunStore } from '../../store/open-store.js';
import type { TrialMessage } from '../../trial/messages.js';
import { cleanLines } from '../../text/text.js';
import { defineCommand } from '../command.js';
import type { CommandContext, ExitCode } from '../context.js';
import { parsed, text, wholeNumber } from '../flags.js';
import type { Values } from '../flags.js';
import { storeTrialFlags } from '../options.js';

/** sysexits.h's EX_TEMPFAIL: engines are to start the trial again. */
const tryAgain = 75;

const flags = {
  ...storeTrialFlags,
  batch: parsed(
    'Take the index as a position in this batch of the store, from 0',
    wholeNumber(1, 999_999),
  ),
};

export const trial = defineCommand({
  name: 'trial',
  describe:
    'Run one trial of a frozen manifest, of a run here or in a store; leave a finished one alone',
  positionals: {
    runDir: text('Folder of the run, or its store: a folder or s3://bucket/prefix', {
      required: true,
      names: 'a run',
    }),
    index: text('Index of the trial in the manifest, from 0', { required: true }),
  },
  flags,
  run: ({ runDir, index, ...values }, context) =>
    isRunStore(runDir, context.cwd)
      ? runTrialOfStore(runDir, index, values, context)
      : runTrialProcess(runDir, index, values.data, context),
});

/** What a trial's process does, whoever started it. @param data where datasets are that moved */
export async function runTrialProcess(
  runDir: string,
  index: string,
  data: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const tell = (message: TrialMessage) => {
    if (context.tellLauncher) context.tellLauncher(message);
    else if (message.kind === 'notice') writeNote(message.text, context);
  };
  const request = { runFolder: resolve(context.cwd, runDir), index, data };
  const outcome = await runOneTrial(request, tell, context);
  if (outcome === 'diverged') return exitCodes.diverged;
  return outcome === 'interrupted' ? exitCodes.interrupted : 0;
}

/** @returns 0 when nothing is left to do for this trial, 75 when it is to be started again */
async function runTrialOfStore(
  address: string,
  typed: string,
  { batch, ...values }: Values<typeof flags>,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ runStoreTrial }, { openStore }, { indexInBatch }] = await Promise.all([
    import('../../app/store-trial.js'),
    import('../../store/open-store.js'),
    import('../../machines/run-store.js'),
  ]);
  const store = await openStore(address, context);
  const index = batch === undefined ? typed : await indexInBatch(store, batch, typed);
  const note = (message: string) => {
    writeNote(`trial ${index}: ${message}`, context);
  };
  const alone = { jobs: 1, slot: 0, checked: new Map() };
  const end = await runStoreTrial({ ...values, ...alone, store, index, note }, context);
  note(end);
  return end === 'interrupted' ? tryAgain : 0;
}

function writeNote(message: string, { stderr }: CommandContext): void {
  stderr.write(cleanLines(`lockstep: ${message}\n`));
}
