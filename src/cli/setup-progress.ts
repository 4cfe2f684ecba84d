import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import type { ReportSetup, SetupEvent, SetupStage } from '../setup/events.js';

const verbs: Readonly<Record<SetupStage, string>> = {
  check: 'Checking',
  download: 'Fetching',
  unpack: 'Unpacking',
  build: 'Building',
  install: 'Installing into',
  prove: 'Proving:',
};

const barWidth = 30;

/** One line for an event that is not progress. */
export function renderSetupEvent(event: Exclude<SetupEvent, { kind: 'progress' }>): string {
  if (event.kind === 'note') return `  ${pc.dim(event.text)}`;
  return `${pc.bold(verbs[event.stage])} ${event.text}`;
}

/** A bar with the percentage; `done` and `total` in bytes. */
export function renderSetupProgress(done: number, total: number): string {
  const fraction = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(fraction * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  const megabytes = `${(done / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`;
  return `  ${bar} ${(fraction * 100).toFixed(0).padStart(3)}%  ${megabytes}`;
}

export interface SetupReporter {
  readonly report: ReportSetup;
  /** Leaves the cursor on a line of its own. */
  readonly end: () => void;
}

/** Writes setup's events as lines; on a terminal, progress as a bar that redraws itself. */
export function createSetupReporter(
  stream: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean },
): SetupReporter {
  const live = stream.isTTY === true;
  let drawn = false;
  const end = (): void => {
    if (drawn) stream.write('\n');
    drawn = false;
  };
  const report: ReportSetup = (event) => {
    if (event.kind === 'progress') {
      if (!live) return;
      stream.write(`\r${renderSetupProgress(event.done, event.total)}`);
      drawn = true;
      return;
    }
    end();
    stream.write(`${renderSetupEvent(event)}\n`);
  };
  return { report, end };
}
