import picocolors from 'picocolors';
import type { Progress } from '../../app/surroundings.js';
import { createLivePainter } from './live-painter.js';
import { initialLiveState, reduceLive } from '../../live/live-state.js';
import type { LiveHeader } from '../../live/live-state.js';
import { renderLive } from './live.js';
import type { LineView } from './line-view.js';
import { createPlainView } from './plain.js';
import { createSparseView } from './sparse.js';
import { createTutorialView } from './tutorial.js';
import type { LogRecord } from '../../log/records.js';
import type { TableOptions } from '../../text/table.js';
import { cleanLines } from '../../text/text.js';
import type { CommandContext } from '../context.js';
import type { Output } from '../options.js';

/** Milliseconds between two frames of the live view. */
const framePeriod = 100;

export function createScreen(
  header: LiveHeader,
  output: Output,
  context: CommandContext,
): Progress {
  const { stdout, stderr, env } = context;
  if (output.quiet) {
    return { remember: nothing, show: nothing, settle: nothing, note: nothing, dispose: nothing };
  }
  if (output.format === 'tutorial' && !output.json) {
    return lineScreen(createTutorialView(), stdout, stderr);
  }
  const terminal = stderr.isTTY && env.TERM !== 'dumb' && env.CI === undefined;
  if (terminal) return liveScreen(header, context);
  const view = header.jobs > 1 ? createSparseView(header) : createPlainView(header);
  return lineScreen(view, stderr, stderr);
}

function lineScreen(
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
    dispose: nothing,
  };
}

function liveScreen(header: LiveHeader, { stderr, env, clock }: CommandContext): Progress {
  const painter = createLivePainter(stderr);
  let state = initialLiveState(header);
  const remember = (record: LogRecord) => {
    state = reduceLive(state, record);
  };
  const paint = () => {
    const { columns, rows } = stderr;
    painter.paint(
      renderLive(state, { columns, rows, color: usesColor(stderr, env), now: clock() }),
    );
  };
  const frames = setInterval(paint, framePeriod);
  return {
    remember,
    show: remember,
    settle: nothing,
    note: (text) => {
      painter.print(cleanLines(text));
    },
    dispose() {
      clearInterval(frames);
      painter.dispose();
    },
  };
}

/** https://no-color.org */
export function usesColor(stream: NodeJS.WriteStream, env: CommandContext['env']): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY && env.TERM !== 'dumb';
}

/** How a table looks on a stream. */
export function tableOptions(stream: NodeJS.WriteStream, { env }: CommandContext): TableOptions {
  const color = usesColor(stream, env);
  return { columns: stream.isTTY ? stream.columns : 100, dim: picocolors.createColors(color).dim };
}

function nothing(): void {
  // Nothing is shown.
}
