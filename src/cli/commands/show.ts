import { relative, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { writePointsParquet } from '../../export/point-export.js';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { pointTable } from '../../report/point-table.js';
import { pointTableCsv } from '../../report/point-table-csv.js';
import { pointTableJson, renderPointTable } from '../../report/point-table-text.js';
import { readRun } from '../../run/read-run.js';
import type { CommandContext, ExitCode } from '../context.js';
import { once } from '../options.js';
import { tableOptions } from '../views/screen.js';

interface ShowArguments {
  readonly runDir: string;
  readonly json: boolean;
  readonly csv: boolean;
  readonly parquet?: string;
}

/** `lockstep show [runDir]`: the table of a run's points. */
export function showCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, ShowArguments> {
  return {
    command: 'show [runDir]',
    describe: 'Show the points of a run: mean difference, standard deviation and pairs',
    builder: (yargs) =>
      yargs
        .positional('runDir', {
          type: 'string',
          default: 'runs/latest',
          describe: 'Folder of the run',
        })
        .options({
          json: { type: 'boolean', default: false, describe: 'Print one JSON document' },
          csv: { type: 'boolean', default: false, describe: 'Print comma-separated values' },
          parquet: {
            type: 'string',
            requiresArg: true,
            describe: 'Write the table to a Parquet file, and print its name',
          },
        }) as never,
    handler: async ({ runDir, json, csv, parquet }) => {
      const asked = [json && '--json', csv && '--csv', parquet !== undefined && '--parquet'];
      const flags = asked.filter((flag) => flag !== false);
      if (flags.length > 1) {
        throw new LockstepError(
          'usage',
          `expected one of --json, --csv and --parquet, got ${flags.join(' and ')}`,
        );
      }
      const runFolder = resolve(context.cwd, runDir);
      const run = await readRun(runFolder);
      const table = pointTable(run);
      const folder = relative(context.cwd, runFolder) || '.';
      if (json) context.stdout.write(jsonText(pointTableJson(table, run.manifest.runId, folder)));
      else if (csv) context.stdout.write(pointTableCsv(table));
      else if (parquet !== undefined) {
        const path = resolve(context.cwd, once(parquet, '--parquet'));
        await writePointsParquet(path, table);
        context.stdout.write(`${relative(context.cwd, path)}\n`);
      } else {
        const lines = renderPointTable(table, tableOptions(context.stdout, context));
        context.stdout.write(`${lines.join('\n')}\n`);
      }
      exit(0);
    },
  };
}
