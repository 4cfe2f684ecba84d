import type { Dispatch } from '../app/dispatch-run.js';
import { jsonText } from '../files/write-atomic.js';
import { count } from '../text/numbers.js';
import type { CommandContext } from './context.js';
import type { Output } from './options.js';

/** Says where trials can be started from now on, and how. */
export function printDispatch(
  { store, runId, trials, batches }: Dispatch,
  { json, quiet }: Output,
  { stdout, stderr }: CommandContext,
): void {
  if (json) {
    stdout.write(jsonText({ schemaVersion: 1, store, runId, trials, batches }));
    return;
  }
  stdout.write(`${store}\n`);
  if (quiet) return;
  stderr.write(
    [
      `${count(trials.length, 'trial')} to run. Start each on any machine that has this version of Lockstep:`,
      `  lockstep trial ${store} INDEX`,
      'Mirror what there is into an ordinary run folder:',
      `  lockstep collect ${store}`,
      '',
    ].join('\n'),
  );
}
