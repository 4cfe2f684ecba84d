import { relative, resolve } from 'node:path';
import { pointsCsv, writePointsParquet } from '../../export/point-export.js';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { pointTable } from '../../report/point-table.js';
import { pointTableJson, renderPointTable } from '../../report/point-table-text.js';
import { cleanLines } from '../../text/text.js';
import { readRun } from '../../run/read-run.js';
import { defineCommand } from '../command.js';
import { text, toggle } from '../flags.js';
import { json, runDir } from '../options.js';
import { tableOptions } from '../terminal.js';

export const show = defineCommand({
  name: 'show',
  describe: 'Show the points of a run: mean difference, standard deviation and pairs',
  positionals: { runDir },
  flags: {
    json,
    csv: toggle('Print comma-separated values'),
    parquet: text('Write the table to this Parquet file, and print its name'),
  },
  async run({ runDir: folder, json: asJson, csv, parquet }, context) {
    const { cwd, stdout } = context;
    const asked = [asJson && '--json', csv && '--csv', parquet !== undefined && '--parquet'];
    const flags = asked.filter((flag) => flag !== false);
    if (flags.length > 1) {
      throw new LockstepError(
        'usage',
        `expected one of --json, --csv and --parquet, got ${flags.join(' and ')}`,
      );
    }
    const runFolder = resolve(cwd, folder);
    const run = await readRun(runFolder);
    const table = pointTable(run);
    if (asJson) {
      const shown = relative(cwd, runFolder) || '.';
      stdout.write(jsonText(pointTableJson(table, run.manifest.runId, shown)));
    } else if (csv) stdout.write(pointsCsv(table));
    else if (parquet !== undefined) {
      const path = resolve(cwd, parquet);
      await writePointsParquet(path, table);
      stdout.write(cleanLines(`${relative(cwd, path)}\n`));
    } else stdout.write(`${renderPointTable(table, tableOptions(stdout, context)).join('\n')}\n`);
    return 0;
  },
});
