import { relative, resolve } from 'node:path';
import { jsonText } from '../../files/write-atomic.js';
import { diffRuns, renderRunDiff, runDiffSchemaVersion } from '../../report/run-diff.js';
import { readRun } from '../../run/read-run.js';
import { defineCommand } from '../command.js';
import { text } from '../flags.js';
import { json } from '../options.js';
import { tableOptions } from '../terminal.js';

export const diff = defineCommand({
  name: 'diff',
  describe: 'Show side by side how the configuration and provenance of two runs differ',
  positionals: {
    runA: text('Folder of a run', { required: true, names: 'a run' }),
    runB: text('Folder of another run', { required: true, names: 'a run' }),
  },
  flags: { json },
  async run({ runA, runB, json: asJson }, context) {
    const { cwd, stdout } = context;
    const one = await readRun(resolve(cwd, runA));
    const other = await readRun(resolve(cwd, runB));
    const differences = diffRuns(one, other);
    const shown = (folder: string) => relative(cwd, folder) || '.';
    if (asJson) {
      const runs = [one, other].map(({ manifest, folder }) => ({
        id: manifest.runId,
        folder: shown(folder),
      }));
      stdout.write(jsonText({ schemaVersion: runDiffSchemaVersion, runs, differences }));
    } else {
      const names = [shown(one.folder), shown(other.folder)] as const;
      const lines = renderRunDiff(differences, names, tableOptions(stdout, context));
      stdout.write(`${lines.join('\n').trimEnd()}\n`);
    }
    return 0;
  },
});
