import { relative, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { jsonText } from '../../files/write-atomic.js';
import { diffRuns, renderRunDiff, runDiffSchemaVersion } from '../../report/run-diff.js';
import { readRun } from '../../run/read-run.js';
import type { CommandContext, ExitCode } from '../context.js';
import { tableOptions } from '../views/screen.js';

interface DiffArguments {
  readonly runA: string;
  readonly runB: string;
  readonly json: boolean;
}

/** `lockstep diff <runA> <runB>`: in what two runs differ. */
export function diffCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, DiffArguments> {
  return {
    command: 'diff <runA> <runB>',
    describe: 'Show side by side in what the configuration and provenance of two runs differ',
    builder: (yargs) =>
      yargs
        .positional('runA', { type: 'string', demandOption: true, describe: 'Folder of a run' })
        .positional('runB', { type: 'string', demandOption: true, describe: 'Folder of another' })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'Print one JSON document',
        }),
    handler: async ({ runA, runB, json }) => {
      const one = await readRun(resolve(context.cwd, runA));
      const other = await readRun(resolve(context.cwd, runB));
      const differences = diffRuns(one, other);
      const shown = (folder: string) => relative(context.cwd, folder) || '.';
      const names = [shown(one.folder), shown(other.folder)] as const;
      if (json) {
        const runs = [one, other].map(({ manifest, folder }) => ({
          id: manifest.runId,
          folder: shown(folder),
        }));
        context.stdout.write(jsonText({ schemaVersion: runDiffSchemaVersion, runs, differences }));
      } else {
        const lines = renderRunDiff(differences, names, tableOptions(context.stdout, context));
        context.stdout.write(`${lines.join('\n').trimEnd()}\n`);
      }
      exit(0);
    },
  };
}
