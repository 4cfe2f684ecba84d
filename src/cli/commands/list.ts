import { relative, resolve } from 'node:path';
import { listRuns } from '../../app/list-runs.js';
import { jsonText } from '../../files/write-atomic.js';
import { exitCodes } from '../../protocol/index.js';
import { overviewOf, renderOverviews } from '../../report/run-overview.js';
import { defineCommand } from '../command.js';
import { text } from '../flags.js';
import { json } from '../options.js';
import { printStoredRun } from '../print-stored-run.js';
import { renderError } from '../render-error.js';
import { tableOptions } from '../terminal.js';

export const list = defineCommand({
  name: 'list',
  describe: 'List runs and how they stand, or the trials of a run in a store and where they run',
  positionals: { store: text('Store of a run, to list its trials') },
  flags: { out: text('Folder the runs are in', { default: 'runs' }), json },
  async run({ store, out, json: asJson }, context) {
    if (store !== undefined) {
      const { stateOfStoredRun } = await import('../../app/stored-run.js');
      printStoredRun(await stateOfStoredRun(store, context), asJson, context);
      return 0;
    }
    const { cwd, stdout, stderr } = context;
    const folder = resolve(cwd, out);
    const { runs, damaged } = await listRuns(folder);
    const shown = (path: string) => relative(cwd, path) || '.';
    const overviews = runs.map((run) => overviewOf(run, shown(run.folder)));
    if (asJson) {
      const others = damaged.map(({ folder: path, error }) => ({
        folder: shown(path),
        reason: error.message,
      }));
      stdout.write(jsonText({ schemaVersion: 1, runs: overviews, damaged: others }));
    } else if (overviews.length > 0) {
      const lines = renderOverviews(overviews, tableOptions(stdout, context));
      stdout.write(`${lines.join('\n')}\n`);
    } else if (damaged.length === 0) stderr.write(`no runs in ${folder}\n`);
    for (const { error } of damaged) stderr.write(renderError(error, { stack: false }));
    return damaged.length > 0 ? exitCodes.data : 0;
  },
});
