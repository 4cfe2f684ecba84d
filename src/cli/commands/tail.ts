import { relative, resolve } from 'node:path';
import { errorOf, tailRun, yieldToTraining } from '../../app/tail-run.js';
import { exitCodes } from '../../protocol/index.js';
import { findRun } from '../../run/find-run.js';
import type { FoundRun } from '../../run/find-run.js';
import type { TrialStanding } from '../../live/follow/followed-trial.js';
import { createLookNews } from '../../report/look-text.js';
import { cleanText } from '../../text/text.js';
import { batchOutput } from '../batch-output.js';
import { defineCommand } from '../command.js';
import type { CommandContext, ExitCode } from '../context.js';
import { text } from '../flags.js';
import { usesColor } from '../terminal.js';
import { createTailLines, jsonLine } from '../tail-lines.js';
import {
  parseFollowing,
  parseTrial,
  parseVariant,
  requireForScreen,
  tailFlags,
} from '../tail-options.js';
import type { TailArguments } from '../tail-options.js';

interface Arguments extends TailArguments {
  readonly runDir: string | undefined;
}

export const tail = defineCommand({
  name: 'tail',
  describe: 'Follow the logs of a run; end with the run, and with its exit code',
  positionals: { runDir: text('Folder of the run (default: the newest)', { names: 'a run' }) },
  flags: tailFlags,
  run: follow,
});

async function follow(args: Arguments, context: CommandContext): Promise<ExitCode> {
  const { cwd, stop } = context;
  const show = args.ui ? await prepareScreen(args, context) : showLines;
  const found = await findRun({
    folder: args.runDir === undefined ? undefined : resolve(cwd, args.runDir),
    out: resolve(cwd, args.out),
    wait: args.wait,
    stop,
  });
  const standings = found && (await show(args, found, context));
  if (stop.aborted) return exitCodes.interrupted;
  const error = standings && errorOf(standings);
  return error === undefined ? 0 : exitCodes[error];
}

/** @returns how the trials stand in the end; undefined where the end was not waited for */
async function showLines(
  args: TailArguments,
  { folder, manifest }: FoundRun,
  { stdout, stderr, env, stop, clock, cwd }: CommandContext,
): Promise<readonly TrialStanding[] | undefined> {
  const following = await parseFollowing(args, manifest, clock());
  const shownFolder = relative(cwd, folder) || '.';
  const linesOf = createTailLines(manifest, {
    variant: parseVariant(args, manifest),
    color: usesColor(stdout, env),
  });
  const output = batchOutput(stdout);
  const newsOf = createLookNews(manifest);
  const standings = await tailRun(
    folder,
    { ...following, stop },
    {
      remember: (record) => void linesOf(record),
      show: ({ record, line }) =>
        output.write(args.json ? `${jsonLine(line, stdout.isTTY)}\n` : linesOf(record)),
      look(look) {
        // Records alone: a look follows from them.
        if (args.json) return;
        for (const { line } of newsOf(look)) void output.write(`${cleanText(line)}\n`);
      },
    },
  );
  await output.flush();
  if (stop.aborted || args.noFollow) return undefined;
  if (standings.includes('unfinished')) {
    stderr.write(
      `No process is working on the run. Continue with: lockstep resume ${shownFolder}\n`,
    );
  }
  return standings;
}

/**
 * Loads the full screen, which no other command needs.
 * @throws LockstepError `usage` without a terminal, and for flags that select lines
 */
async function prepareScreen(args: TailArguments, context: CommandContext) {
  requireForScreen(args);
  const { requireTerminal, tailScreen } = await import('../screen/tail-screen.js');
  requireTerminal(context);
  return (_: TailArguments, { folder, manifest }: FoundRun) => {
    yieldToTraining();
    return tailScreen(context, {
      manifest,
      runFolder: folder,
      shownFolder: relative(context.cwd, folder) || '.',
      trial: parseTrial(args, manifest),
      watch: !args.poll,
    });
  };
}
