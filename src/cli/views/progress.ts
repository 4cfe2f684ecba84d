import { seedsOf } from '../../run/manifest.js';
import { relative } from 'node:path';
import type { Progress, ProgressPlan } from '../../app/surroundings.js';
import { atRest, dropTrials, initialRunState, reduceRun, settleTrial } from '../../live/state.js';
import { cleanLines } from '../../text/text.js';
import type { CommandContext } from '../context.js';
import type { Output } from '../options.js';
import { usesColor } from '../terminal.js';
import { createLivePainter } from './live-painter.js';
import { renderLive } from './live.js';
import { createPlainView, createSparseView } from './plain.js';
import type { LineView } from './plain.js';
import { createTutorialView } from './tutorial.js';

/** Milliseconds between two frames of the live view. */
const framePeriod = 100;

/** Shows a run while it trains, as the output options and the terminal have it. */
export function createProgress(
  plan: ProgressPlan,
  output: Output,
  context: CommandContext,
): Progress {
  const { manifest, trials, jobs } = plan;
  const { stdout, stderr, env } = context;
  if (output.quiet) {
    return {
      ...{ remember: nothing, show: nothing, settle: nothing },
      ...{ note: nothing, drop: nothing, dispose: nothing },
    };
  }
  if (output.format === 'tutorial' && !output.json) {
    return lineProgress(createTutorialView(), stdout, stderr);
  }
  const terminal = stderr.isTTY && env.TERM !== 'dumb' && env.CI === undefined;
  if (terminal) return liveProgress(plan, context);
  const planned = { seeds: seedsOf(manifest), trials: manifest.trials.length };
  const open = new Set(trials.map(({ index }) => index));
  const earlier = manifest.trials.map(({ index }) => index).filter((index) => !open.has(index));
  const view = jobs > 1 ? createSparseView(planned, earlier) : createPlainView(planned);
  return lineProgress(view, stderr, stderr);
}

function lineProgress(
  view: LineView,
  stream: NodeJS.WritableStream,
  notes: NodeJS.WritableStream,
): Progress {
  const write = (lines: readonly string[]) => {
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
  };
  return {
    remember(record) {
      view.remember(record);
    },
    show(record) {
      write(view.add(record));
    },
    settle(trial) {
      write(view.settle(trial));
    },
    note: (text) => void notes.write(cleanLines(`${text}\n`)),
    drop(indices) {
      view.drop?.(indices);
    },
    dispose: nothing,
  };
}

function liveProgress(
  { manifest, runFolder, trials, jobs }: ProgressPlan,
  { stderr, env, clock, cwd }: CommandContext,
): Progress {
  const painter = createLivePainter(stderr);
  const open = trials.map(({ index }) => index);
  let state = initialRunState(manifest, relative(cwd, runFolder) || '.', open);
  let hasBegun = false;
  const paint = () => {
    const { columns, rows } = stderr;
    const color = usesColor(stderr, env);
    const shown = hasBegun ? state : atRest(state);
    painter.paint(renderLive(shown, { columns, rows, color, now: clock(), jobs }));
  };
  const frames = setInterval(paint, framePeriod);
  return {
    remember(record) {
      state = reduceRun(state, record);
    },
    show(record) {
      state = reduceRun(hasBegun ? state : atRest(state), record);
      hasBegun = true;
    },
    settle(trial) {
      state = settleTrial(state, trial);
    },
    drop(indices, reason) {
      state = dropTrials(state, indices, reason);
    },
    note: (text) => {
      painter.print(cleanLines(text));
    },
    dispose() {
      clearInterval(frames);
      painter.dispose();
    },
  };
}

function nothing(): void {
  // Nothing is shown.
}
