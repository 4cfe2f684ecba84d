import { LockstepError } from '../../protocol/index.js';
import type { Manifest } from '../../run/manifest.js';
import { isWorkedOn } from '../../run/run-directory.js';
import { followRun } from '../../live/follow/follow-run.js';
import type { TrialStanding } from '../../live/follow/followed-trial.js';
import { choose, isLeaving } from './choice.js';
import type { ScreenChoice } from './choice.js';
import { renderScreen } from './render-screen.js';
import type { RunPhase } from './render-screen.js';
import { initialRunState, reduceRun, showLook } from '../../live/state.js';
import type { RunState } from '../../live/state.js';
import { createLookNews } from '../../report/look-text.js';
import type { CommandContext } from '../context.js';
import { openFullScreen } from './full-screen.js';
import { usesColor } from '../terminal.js';

export interface TailScreenOptions {
  readonly manifest: Manifest;
  readonly runFolder: string;
  /** The run's folder as the user would type it. */
  readonly shownFolder: string;
  /** The index of the trial to begin with; undefined: the one that runs. */
  readonly trial: number | undefined;
  /** False: look for changes without listening to the file system. */
  readonly watch: boolean;
}

/** Milliseconds between two frames in which something has changed. */
const framePeriod = 100;
/** Milliseconds between two checks for working processes, and between frames while nothing else changes. */
const lookPeriod = 1000;
/** Checks without a process before a run counts as idle: between two trials there is none for a moment. */
const idleLooks = 3;

/** @throws LockstepError `usage` where there is no terminal to draw on and to read keys from */
export function requireTerminal({ stdin, stdout, env }: CommandContext): void {
  const missing = !stdout.isTTY
    ? 'standard output is not one'
    : !stdin.isTTY
      ? 'standard input is not one'
      : env.TERM === 'dumb'
        ? 'this one can do nothing (TERM=dumb)'
        : undefined;
  if (missing === undefined) return;
  throw new LockstepError('usage', `--ui: expected a terminal, but ${missing}`, {
    hint: 'Run it in a terminal, without pipes; over ssh with `ssh -t`. `lockstep tail` itself works in a pipe too.',
  });
}

/**
 * Shows a run on the whole terminal until the user leaves, even after it is over.
 * @returns how the trials stand if the run was over; undefined if the user left before
 */
export async function tailScreen(
  context: CommandContext,
  { manifest, runFolder, shownFolder, trial, watch }: TailScreenOptions,
): Promise<readonly TrialStanding[] | undefined> {
  const { stdin, stdout, env, stop, clock } = context;
  const leave = new AbortController();
  const left = AbortSignal.any([leave.signal, stop]);
  const leaving = new Promise<void>((resolve) => {
    if (left.aborted) resolve();
    left.addEventListener('abort', () => {
      resolve();
    });
  });
  let state = initialRunState(manifest, shownFolder);
  const place = state.trials.findIndex(({ index }) => index === trial);
  let choice: ScreenChoice = { trial: place < 0 ? undefined : place, measure: 0 };
  let phase: RunPhase = 'working';
  let isStale = true;

  let failure: Error | undefined;
  const paint = () => {
    isStale = false;
    const { columns, rows } = stdout;
    const color = usesColor(stdout, env);
    try {
      screen.paint(renderScreen(state, choice, { columns, rows, color, now: clock(), phase }));
    } catch (error) {
      // Nothing would catch an error of a timer: it is thrown below.
      failure = error instanceof Error ? error : new Error(String(error));
      leave.abort();
    }
  };
  const screen = openFullScreen(stdin, stdout, {
    onKey(key) {
      if (isLeaving(key)) leave.abort();
      choice = choose(choice, key, state);
      paint();
    },
    onResize: paint,
    onHangup() {
      leave.abort();
    },
  });
  const frames = setInterval(() => {
    if (isStale) paint();
  }, framePeriod);
  let looksWithout = 0;
  const looks = setInterval(() => {
    isStale = true;
    void isAtWork(state, runFolder).then((isWorking) => {
      looksWithout = isWorking ? 0 : looksWithout + 1;
      if (phase !== 'over') phase = looksWithout >= idleLooks ? 'idle' : 'working';
    });
  }, lookPeriod);
  try {
    paint();
    // The run may be resumed at any time, so only its end, or the user, ends this.
    const newsOf = createLookNews(manifest);
    const followed = followRun(runFolder, {
      ...{ stop: left, grace: Infinity, watch },
      onLook(look) {
        for (const { line, spared } of newsOf(look)) state = showLook(state, line, spared);
        isStale = true;
      },
    });
    let next = await followed.next();
    while (next.done !== true) {
      state = reduceRun(state, next.value.record);
      isStale = true;
      next = await followed.next();
    }
    const isOver = !left.aborted;
    if (isOver) {
      phase = 'over';
      paint();
      await leaving;
    }
    if (failure !== undefined) throw failure;
    return isOver ? next.value : undefined;
  } finally {
    clearInterval(frames);
    clearInterval(looks);
    screen.dispose();
  }
}

function isAtWork({ trials }: RunState, runFolder: string): Promise<boolean> {
  const open = trials.filter(({ isSettled }) => !isSettled).map(({ index }) => index);
  // Where the check is not permitted, assume that one is.
  return isWorkedOn(runFolder, open).catch(() => true);
}
