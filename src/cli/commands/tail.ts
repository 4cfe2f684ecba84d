import { constants, setPriority } from 'node:os';
import { relative, resolve } from 'node:path';
import { exitCodes } from '../../protocol/index.js';
import { findRun } from '../../run/find-run.js';
import type { FoundRun } from '../../run/find-run.js';
import { followRun } from '../../live/follow/follow-run.js';
import type { TrialStanding } from '../../live/follow/followed-trial.js';
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
  return standings === undefined ? 0 : exitCodeOf(standings);
}

/**
 * What `lockstep run` ends with, as far as the logs tell: a trial that has begun and neither ends nor is
 * worked on has lost its process.
 */
export function exitCodeOf(standings: readonly TrialStanding[]): ExitCode {
  let [isInterrupted, hasDiverged] = [false, false];
  for (const standing of standings) {
    if (standing === 'unfinished') return exitCodes.worker;
    if (standing === 'planned') isInterrupted = true;
    else if (standing.outcome === 'failed') return exitCodes[standing.code ?? 'worker'];
    else {
      isInterrupted ||= standing.outcome === 'interrupted';
      hasDiverged ||= standing.outcome === 'diverged';
    }
  }
  if (isInterrupted) return exitCodes.interrupted;
  return hasDiverged ? exitCodes.diverged : 0;
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
  yieldToTraining();
  const followed = followRun(folder, {
    ...following,
    where(record) {
      // The view needs every start, shown or not: it says how the trial's other lines read.
      if (record.event === 'trial.start') linesOf(record);
      return following.where(record);
    },
    stop,
  });
  const output = batchOutput(stdout);
  let next = await followed.next();
  for (; next.done !== true; next = await followed.next()) {
    const { record, line } = next.value;
    await output.write(args.json ? `${jsonLine(line, stdout.isTTY)}\n` : linesOf(record));
  }
  await output.flush();
  if (stop.aborted || args.noFollow) return undefined;
  if (next.value.includes('unfinished')) {
    stderr.write(
      `No process is at work on the run. Continue with: lockstep resume ${shownFolder}\n`,
    );
  }
  return next.value;
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

/** Watching a run must not slow it down. */
function yieldToTraining(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: run at normal priority.
  }
}
