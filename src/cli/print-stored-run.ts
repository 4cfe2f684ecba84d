import type { StoredRunState } from '../app/stored-run.js';
import { jsonText } from '../files/write-atomic.js';
import { numberColumn, tableOf, textColumn, textTable } from '../text/table.js';
import type { CommandContext } from './context.js';
import { tableOptions } from './terminal.js';

/** Prints how the trials of a run in a store stand, and which machines have them. */
export function printStoredRun(
  { trials, cancelled, ...run }: StoredRunState,
  asJson: boolean,
  context: CommandContext,
): void {
  const { stdout } = context;
  if (asJson) {
    stdout.write(jsonText({ schemaVersion: 1, ...run, cancelled, trials }));
    return;
  }
  const table = tableOf('trials', trials, [
    numberColumn('trial', ({ trial }) => trial),
    textColumn('state', ({ state }) => state),
    numberColumn('attempt', ({ attempt }) => (attempt === 0 ? '-' : attempt)),
    textColumn('machine', ({ host }) => host ?? '-'),
    numberColumn('checkpoint', ({ checkpoint }) => (checkpoint === 0 ? '-' : checkpoint)),
    textColumn('', ({ reason }) => reason ?? ''),
  ]);
  const committed = trials.filter(({ state }) => state === 'committed').length;
  const total = `${committed}/${trials.length} committed${cancelled ? ', cancelled' : ''}`;
  stdout.write(`${[...textTable(table, tableOptions(stdout, context)), total].join('\n')}\n`);
}
