import type { Dispatch } from '../app/dispatch-run.js';
import { jsonText } from '../files/write-atomic.js';
import { count } from '../text/numbers.js';
import type { CommandContext } from './context.js';
import type { Output } from './options.js';

/** Says where trials can be started from now on, and how. */
export function printDispatch(
  { store, trials, queue, ...run }: Dispatch,
  { json, quiet }: Output,
  { stdout, stderr }: CommandContext,
): void {
  if (json) {
    stdout.write(jsonText({ schemaVersion: 1, store, ...run, trials, ...(queue && { queue }) }));
    return;
  }
  stdout.write(`${store}\n`);
  if (quiet) return;
  stderr.write(
    [
      ...(queue === undefined
        ? [
            `${count(trials.length, 'trial')} to run. Start each on any machine that has this version of Lockstep:`,
            `  lockstep trial ${store} INDEX`,
          ]
        : [
            `${count(trials.length, 'trial')} to run, queued at ${queue}. Start workers on any machines that have this version of Lockstep:`,
            `  lockstep worker --queue ${queue} --store ${store}`,
          ]),
      'Mirror what there is into an ordinary run folder:',
      `  lockstep collect ${store}`,
      '',
    ].join('\n'),
  );
}
